import ArgumentParser
import Matchmaking
import ServiceKit

@main
struct App {
    static func main() async {
        await ServiceCommand<MatchmakingService>.main()
    }
}
