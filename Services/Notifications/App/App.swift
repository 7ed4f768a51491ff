import ArgumentParser
import Notifications
import ServiceKit

@main
struct App {
    static func main() async {
        await ServiceCommand<NotificationsService>.main()
    }
}
