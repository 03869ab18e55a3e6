using KeypointMl.Imaging.Files;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PrintableTextTests
{
    [TestMethod]
    [DataRow("frame 1 – ünï/日本.png", "frame 1 – ünï/日本.png")]
    [DataRow("a\nkeypointml: done\r\t.png", "a\\nkeypointml: done\\r\\t.png")]
    [DataRow("\u001b[2J\u001b]0;title\u0007x", "\\u001b[2J\\u001b]0;title\\u0007x")]
    [DataRow("\u009b31mred", "\\u009b31mred")]
    [DataRow("gpj.\u202Egnp", "gpj.\\u202egnp")]
    [DataRow("line\u2028end\u007f\0", "line\\u2028end\\u007f\\u0000")]
    [DataRow("", "")]
    public void Controls_are_shown_as_codes(string text, string expected) => Assert.AreEqual(expected, PrintableText.Of(text));

    [TestMethod]
    public void Line_ends_and_tabs_may_stay() => Assert.AreEqual("a\n\tb\\u001b[1m\r\n", PrintableText.OfLines("a\n\tb\u001b[1m\r\n"));
}
