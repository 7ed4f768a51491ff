public import Postgres

/// The schema `access`: tenants, API tokens and the keys of personal links.
///
/// Services have no right to its tables: they ask the functions, which run with the owner's rights and tell only what
/// a look-up needs. Row-level security holds for whoever is granted a table later; it is not forced, since the owner's
/// functions look up across tenants.
public enum AccessMigrations {
    public static let schema = "access"

    public static let all: [Migration] = [
        Migration(
            1,
            "tenants, tokens and link keys",
            sql: """
                CREATE TABLE access.tenants (
                    tenant_id uuid PRIMARY KEY,
                    slug text NOT NULL UNIQUE
                        CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' AND slug NOT IN ('api', 'l')),
                    name jsonb NOT NULL CHECK (jsonb_typeof(name) = 'object'),
                    language text NOT NULL,
                    time_zone text NOT NULL,
                    created_at timestamptz NOT NULL
                );

                -- The token itself is never stored: token_hash is its SHA-256.
                CREATE TABLE access.api_tokens (
                    tenant_id uuid NOT NULL REFERENCES access.tenants,
                    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
                    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
                    role text NOT NULL CHECK (role IN ('staff', 'machine', 'reader')),
                    created_at timestamptz NOT NULL,
                    expires_at timestamptz,
                    revoked_at timestamptz,
                    PRIMARY KEY (tenant_id, token_hash)
                );
                CREATE UNIQUE INDEX api_tokens_name ON access.api_tokens (tenant_id, name) WHERE revoked_at IS NULL;

                -- The newest key signs; all of them verify until they are removed.
                CREATE TABLE access.link_keys (
                    tenant_id uuid NOT NULL REFERENCES access.tenants,
                    number integer NOT NULL CHECK (number BETWEEN 1 AND 65535),
                    secret bytea NOT NULL CHECK (length(secret) = 32),
                    created_at timestamptz NOT NULL,
                    PRIMARY KEY (tenant_id, number)
                );

                ALTER TABLE access.tenants ENABLE ROW LEVEL SECURITY;
                ALTER TABLE access.api_tokens ENABLE ROW LEVEL SECURITY;
                ALTER TABLE access.link_keys ENABLE ROW LEVEL SECURITY;
                CREATE POLICY tenant ON access.tenants
                    USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                    WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
                CREATE POLICY tenant ON access.api_tokens
                    USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                    WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
                CREATE POLICY tenant ON access.link_keys
                    USING (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid)
                    WITH CHECK (tenant_id = nullif(current_setting('tradewind.tenant', true), '')::uuid);
                """
        ),
        Migration(
            2,
            "look-ups for services",
            sql: """
                CREATE FUNCTION access.find_tenant(wanted_slug text, wanted_id uuid)
                RETURNS TABLE (tenant_id uuid, slug text, name jsonb, language text, time_zone text)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                    SELECT t.tenant_id, t.slug, t.name, t.language, t.time_zone FROM access.tenants t
                    WHERE t.slug = wanted_slug OR t.tenant_id = wanted_id
                $$;

                -- Whose token has this hash, if it is valid now. Hashes are never told.
                CREATE FUNCTION access.find_principal(wanted_hash bytea)
                RETURNS TABLE (tenant_id uuid, role text, name text, expires_at timestamptz)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                    SELECT k.tenant_id, k.role, k.name, k.expires_at FROM access.api_tokens k
                    WHERE k.token_hash = wanted_hash AND k.revoked_at IS NULL
                      AND (k.expires_at IS NULL OR k.expires_at > now())
                $$;

                CREATE FUNCTION access.find_link_keys(wanted_tenant uuid)
                RETURNS TABLE (number integer, secret bytea)
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                    SELECT k.number, k.secret FROM access.link_keys k
                    WHERE k.tenant_id = wanted_tenant ORDER BY k.created_at DESC, k.number DESC
                $$;

                REVOKE ALL ON FUNCTION access.find_tenant(text, uuid), access.find_principal(bytea),
                    access.find_link_keys(uuid) FROM PUBLIC;
                """
        ),
    ]
}
