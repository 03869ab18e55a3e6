using KeypointMl.Data.Yaml;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class YamlSectionTests
{
    [TestMethod]
    public void Values_are_read_by_type() => Read(
        "text: 'a b'\nwhole: 7\nnumber: 1.5e-3\nyes: true\nlist: [a, b]\ninner: { key: 3 }\n",
        section =>
        {
            Assert.AreEqual("a b", section.Required("text").AsString());
            Assert.AreEqual(7, section.Required("whole").AsInt32(0, 10));
            Assert.AreEqual(1.5e-3, section.Required("number").AsDouble());
            Assert.IsTrue(section.Required("yes").AsBoolean());
            CollectionAssert.AreEqual(new[] { "a", "b" }, section.Required("list").AsStrings().ToArray());
            Assert.AreEqual(3, section.Required("inner").AsSection().Required("key").AsInt32());
            Assert.IsNull(section.Optional("absent"));
            section.RejectUnknownKeys();
        });

    [TestMethod]
    public void Wrong_values_are_complained_about_by_file_line_column_and_key()
    {
        const string Yaml = "a: x\nb: 5\nc:\n  d: [1]\n  e:\n";

        AssertComplains("t.yaml:1:4: 'a' is 'x'; expected a whole number.", Yaml, section => section.Required("a").AsInt32());
        AssertComplains("t.yaml:2:4: 'b' is '5'; expected a whole number from 0 to 4.", Yaml, section => section.Required("b").AsInt32(0, 4));
        AssertComplains("t.yaml:2:4: 'b' is '5'; expected true or false.", Yaml, section => section.Required("b").AsBoolean());
        AssertComplains("t.yaml:2:4: 'b' is '5'; expected one of u, v.", Yaml, section => section.Required("b").AsOneOf("u", "v"));
        AssertComplains("t.yaml:1:4: 'a' is 'biold'; expected one of thin, bold. Did you mean 'bold'?", "a: biold\n",
            section => section.Required("a").AsOneOf("thin", "bold"));
        AssertComplains("t.yaml:4:6: 'c.d' is a list; expected text.", Yaml,
            section => section.Required("c").AsSection().Required("d").AsString());
        AssertComplains("t.yaml:5:5: 'c.e' is empty; expected text.", Yaml,
            section => section.Required("c").AsSection().Required("e").AsString());
        AssertComplains("t.yaml:4:3: 'c' lacks the key 'f'.", Yaml, section => section.Required("c").AsSection().Required("f").AsString());
        AssertComplains("t.yaml:1:1: unknown key 'a'; the keys are c, b.", "a: x\nb: 5\n", section =>
        {
            section.Optional("c");
            section.Optional("b");
            section.RejectUnknownKeys();
            return 0;
        });
    }

    [TestMethod]
    public void All_that_is_wrong_is_listed_once_and_in_the_order_of_the_file() => AssertComplains(
        """
        t.yaml has 5 problems:
          t.yaml:1:1: lacks the key 'name'.
          t.yaml:1:1: unknown key 'nam'; the keys are name, size, pair, list. Did you mean 'name'?
          t.yaml:2:7: 'size' is 'large'; expected a whole number of at least 1.
          t.yaml:3:11: 'pair[1]' is 'x'; expected a number.
          t.yaml:4:7: 'list' is '7'; expected a list.
        """,
        "nam: a\nsize: large\npair: [1, x]\nlist: 7\n",
        section =>
        {
            section.Required("name").AsString();
            section.Required("size").AsInt32(1);
            section.Try(() => section.Required("pair").AsPairOf(number => number.AsSingle(), "expected two", (a, b) => a > b + 1));
            section.Required("list").AsFilledListOf(item => item.AsString());
            section.RejectUnknownKeys();
            return 0;
        });

    [TestMethod]
    public void Very_many_problems_are_counted() => AssertComplains(
        $"t.yaml has 60 problems:\n  {string.Join("\n  ", Enumerable.Range(1, 20).Select(i =>
            $"t.yaml:{i}:1: unknown key 'key{i}'; the keys are ."))}\n  and 40 more.",
        string.Concat(Enumerable.Range(1, 60).Select(i => $"key{i}: 1\n")),
        section =>
        {
            section.RejectUnknownKeys();
            return 0;
        });

    [TestMethod]
    public void Value_that_is_asked_for_after_the_reading_complains_at_once()
    {
        YamlValue value = Read("a: x\n", section => section.Required("a"));

        Assert.AreEqual("t.yaml:1:4: 'a' is 'x'; expected a whole number.",
            Assert.ThrowsExactly<InvalidDataException>(() => value.AsInt32()).Message);
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
    [DataRow("\"\": 1\n", "t.yaml:1:1: a key is empty")]
    public void Malformed_text_is_refused_with_its_line(string yaml, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(yaml, _ => 0));

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
            Assert.ThrowsExactly<InvalidDataException>(() => YamlSection.Load(path, _ => 0)).Message);
    }

    [TestMethod]
    public void Overridden_value_replaces_the_files_and_says_so() => AssertComplains(
        "t.yaml (overridden): 'a' is 'two'; expected a whole number.",
        "a: 1\n",
        section =>
        {
            section.Override("a", "two");
            return section.Required("a").AsInt32();
        });

    private static void Read(string yaml, Action<YamlSection> read) => Read(yaml, section =>
    {
        read(section);
        return 0;
    });

    private static T Read<T>(string yaml, Func<YamlSection, T> read) => YamlSection.Parse(yaml, "t.yaml", read);

    private static void AssertComplains<T>(string message, string yaml, Func<YamlSection, T> read) =>
        Assert.AreEqual(message.ReplaceLineEndings("\n"), Assert.ThrowsExactly<InvalidDataException>(() => Read(yaml, read)).Message);
}
