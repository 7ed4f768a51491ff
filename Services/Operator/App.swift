@main
struct App {
    static func main() async {
        await Tradewind.launch()
    }
}
