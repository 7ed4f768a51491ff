/// The server's settings, written anew at each start. Only who may enter the socket's directory can connect.
struct ServerSettings: Sendable {
    let socketDirectory: String

    var text: String {
        """
        # Written by tradewind at each start; put settings of your own into postgresql.conf.
        listen_addresses = ''
        port = \(ClusterLayout.port)
        unix_socket_directories = '\(socketDirectory.replacing("'", with: "''"))'
        unix_socket_permissions = 0700
        max_connections = 120
        shared_buffers = 128MB
        effective_cache_size = 512MB
        work_mem = 8MB
        max_wal_size = 1GB
        checkpoint_completion_target = 0.9
        random_page_cost = 1.1
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_min_duration_statement = -1
        log_line_prefix = '%m [%p] '

        """
    }
}
