using KeypointMl.Data.Yaml;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class YamlSectionTests
{
    [TestMethod]
    public void Values_are_read_by_type()
    {
        YamlSection section =
            YamlSection.Parse("text: 'a b'\nwhole: 7\nnumber: 1.5e-3\nyes: true\nlist: [a, b]\ninner: { key: 3 }\n", "t.yaml");

        Assert.AreEqual("a b", section.Required("text").AsString());
        Assert.AreEqual(7, section.Required("whole").AsInt32(0, 10));
        Assert.AreEqual(1.5e-3, section.Required("number").AsDouble());
        Assert.IsTrue(section.Required("yes").AsBoolean());
        CollectionAssert.AreEqual(new[] { "a", "b" }, section.Required("list").AsStrings().ToArray());
        Assert.AreEqual(3, section.Required("inner").AsSection().Required("key").AsInt32());
        Assert.IsNull(section.Optional("absent"));
        section.RejectUnknownKeys();
    }

    [TestMethod]
    public void Wrong_values_are_complained_about_by_file_line_and_key()
    {
        YamlSection section = YamlSection.Parse("a: x\nb: 5\nc:\n  d: [1]\n  e:\n", "t.yaml");
        YamlSection inner = section.Required("c").AsSection();

        AssertComplains("t.yaml:1: 'a' is 'x'; expected a whole number.", () => section.Required("a").AsInt32());
        AssertComplains("t.yaml:2: 'b' is '5'; expected a whole number from 0 to 4.", () => section.Required("b").AsInt32(0, 4));
        AssertComplains("t.yaml:2: 'b' is '5'; expected true or false.", () => section.Required("b").AsBoolean());
        AssertComplains("t.yaml:2: 'b' is '5'; expected one of u, v.", () => section.Required("b").AsOneOf("u", "v"));
        AssertComplains("t.yaml:4: 'c.d' is a list; expected text.", () => inner.Required("d").AsString());
        AssertComplains("t.yaml:5: 'c.e' is empty; expected text.", () => inner.Required("e").AsString());
        AssertComplains("t.yaml:4: 'c' lacks the key 'f'.", () => inner.Required("f"));
        AssertComplains("t.yaml:1: unknown key 'a'; the keys are c, b.", Reject);

        static void Reject()
        {
            YamlSection section = YamlSection.Parse("a: x\nb: 5\n", "t.yaml");
            section.Optional("c");
            section.Optional("b");
            section.RejectUnknownKeys();
        }
    }

    [TestMethod]
    [DataRow("a: 1\na: 2\n", "t.yaml:2")]
    [DataRow("a: [1\nb: 2\n", "t.yaml:1:4: this is not YAML: is the '[' here not closed? (reading stopped in line 1, column 4)")]
    [DataRow("a: 1\nb:\n  c: { d: 1,\ne: 2\n", "t.yaml:3:6: this is not YAML: is the '{' here not closed?")]
    [DataRow("a: [1, [2, 3]\nb: 2\n", "t.yaml:1:4: this is not YAML: is the '[' here not closed?")]
    [DataRow("a: 1\nb: 'two\n", "t.yaml:2:4: this is not YAML: While scanning a quoted scalar")]
    [DataRow("a: 1\nlist:\n  - : x\n  - y\n", "t.yaml:4:3: expected a value before this: give the ':' its key")]
    [DataRow("&a [*a, *a]: x\n", "t.yaml:1:1: anchors and aliases (& and *) are not supported")]
    [DataRow("a: &x 1\nb: *x\n", "t.yaml:1:4: anchors and aliases")]
    [DataRow("a: !!python/object:os.system x\n", "t.yaml:1:4: tags (!) are not supported")]
    [DataRow("a: 1\n---\nb: 1\n", "t.yaml:2:1: a second YAML document starts here")]
    [DataRow("a: 1\nb: \0 2\n", "t.yaml:2:4: this is not YAML: it holds a zero byte")]
    [DataRow("a: \"\\U00110000\"\n", "t.yaml:1:")]
    [DataRow("- a\n", "a mapping")]
    [DataRow("", "a mapping")]
    [DataRow("? [a]\n: 1\n", "t.yaml:1:3: a key is a list or a mapping; expected text")]
    [DataRow("\"\": 1\n", "t.yaml:1: a key is empty")]
    public void Malformed_text_is_refused_with_its_line(string yaml, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => YamlSection.Parse(yaml, "t.yaml"));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    [DataRow("[", 300_000, "nested deeper than 16 levels")]
    [DataRow("- ", 300_000, "nested deeper than 16 levels")]
    [DataRow("{", 300_000, "nested deeper than 16 levels")]
    [DataRow("? ", 300_000, "nested deeper than 16 levels")]
    [DataRow("a: b\n", 1000, "there are more such problems")]
    [DataRow("- b\n", 260_000, "there are more than 250,000 keys and values")]
    [DataRow(" ", (4 << 20) + 1, "the limit is 4,194,304")]
    public void Text_beyond_the_limits_is_refused(string repeated, int times, string expected)
    {
        var problems = new List<YamlProblem>();

        Assert.IsNull(YamlParser.Parse(string.Concat(Enumerable.Repeat(repeated, times)), problems));

        Assert.Contains(expected, problems[^1].Message);
        Assert.IsLessThan(30, problems.Count);
    }

    [TestMethod]
    public void File_beyond_the_limit_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder["large.yaml"];
        using (FileStream file = File.Create(path))
            file.SetLength(1L << 40);

        Assert.Contains("large.yaml: the file has 1,099,511,627,776 bytes",
            Assert.ThrowsExactly<InvalidDataException>(() => YamlSection.Load(path)).Message);
    }

    [TestMethod]
    public void Overridden_value_replaces_the_files_and_says_so()
    {
        YamlSection section = YamlSection.Parse("a: 1\n", "t.yaml");
        section.Override("a", "two");

        AssertComplains("t.yaml (overridden): 'a' is 'two'; expected a whole number.", () => section.Required("a").AsInt32());
    }

    private static void AssertComplains(string message, Action action) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(action).Message);

    private static void AssertComplains<T>(string message, Func<T> function) =>
        AssertComplains(message, () => { function(); });
}
