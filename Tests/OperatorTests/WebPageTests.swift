import Testing

@testable import tradewind

@Suite("A page's forms")
struct WebPageTests {
    private let page = WebPage(
        path: "/l/x",
        html: """
            <p>Not in a form: <input name="stray" value="1"></p>
            <form method="post" action="?lang=vi&amp;a=1">
            <input type="hidden" name="version" value="7">
            <input type="number" id="p" name="place" min="1" max="9" value="">
            <input type="checkbox" id="sure" name="sure" value="yes" required>
            <select id="choice1" name="choice1"><option value="">–</option>
            <option value="b" selected>B &quot;b&quot;</option></select>
            <select name="round"><option value="first">1</option><option value="second">2</option></select>
            <button type="submit" name="answer" value="decline">No</button>
            </form>
            <form method="post" action="/home/rounds"><button type="submit" name="answer" value="accept">Yes</button></form>
            """
    )

    @Test("are filled in as a browser would send them: no buttons, no unticked boxes, the selected option or the first")
    func fields() throws {
        let form = try #require(page.form(with: "version"))
        #expect(form.action == "?lang=vi&a=1")
        #expect(form.fields == ["version": "7", "place": "", "choice1": "b", "round": "first"])
    }

    @Test("are found by a field, a box, or a button's value")
    func found() {
        #expect(page.forms.count == 2)
        #expect(page.form(with: "sure")?.fields["version"] == "7")
        #expect(page.form(with: "answer", value: "accept")?.action == "/home/rounds")
        #expect(page.form(with: "answer", value: "defer") == nil)
        #expect(page.form(with: "stray") == nil)
    }
}
