using KeypointMl.Data;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class YamlSectionTests
{
    [TestMethod]
    public void Values_are_read_by_type()
    {
        YamlSection section = YamlSection.Parse("text: 'a b'\nwhole: 7\nnumber: 1.5e-3\nyes: true\nlist: [a, b]\ninner: { key: 3 }\n", "t.yaml");

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
    [DataRow("a: [1\nb: 2\n", "t.yaml:1: not well-formed YAML near this line; is a [ or { not closed?")]
    [DataRow("- a\n", "a mapping")]
    [DataRow("", "a mapping")]
    [DataRow("? [a]\n: 1\n", "t.yaml:1: a key is empty")]
    public void Malformed_text_is_refused_with_its_line(string yaml, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => YamlSection.Parse(yaml, "t.yaml"));

        Assert.Contains(expected, error.Message);
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
