import ArgumentParser
import Events
import ServiceKit

@main
struct App {
    static func main() async {
        await ServiceCommand<EventsService>.main()
    }
}
