using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KeypointMl.Training;

/// <summary>YAML text → <see cref="RecipeNode"/>. Refuses what a recipe has no use for: aliases, tags, several documents, a key twice, deep nesting.</summary>
internal sealed class RecipeParser
{
    private const int MaxDepth = 16;
    private readonly IParser parser;
    private readonly Func<Mark, string> where;
    private readonly List<RecipeProblem> problems;

    private RecipeParser(string yaml, Func<Mark, string> where, List<RecipeProblem> problems)
    {
        parser = new Parser(new StringReader(yaml));
        this.where = where;
        this.problems = problems;
    }

    /// <summary>Parses one document; null, with a problem added, where it is not YAML or empty.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="where">Names a position for messages.</param>
    /// <param name="problems">Receives what is wrong.</param>
    public static RecipeNode? Parse(string yaml, Func<Mark, string> where, List<RecipeProblem> problems)
    {
        try
        {
            return new RecipeParser(yaml, where, problems).ReadDocument();
        }
        catch (YamlException exception)
        {
            problems.Add(new RecipeProblem(where(exception.Start), "", $"this is not YAML: {exception.Message.TrimEnd('.')}."));
            return null;
        }
    }

    private RecipeNode? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            problems.Add(new RecipeProblem(where(new Mark()), "", "the recipe is empty; expected keys such as 'name' and 'data'."));
            return null;
        }
        RecipeNode node = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out DocumentStart? second))
            problems.Add(new RecipeProblem(where(second.Start), "", "a second YAML document starts here; a recipe is one document."));
        return node;
    }

    private RecipeNode ReadNode(int depth)
    {
        ParsingEvent next = parser.Current!;
        if (depth > MaxDepth)
            throw new YamlException(next.Start, next.End, $"it is nested deeper than {MaxDepth} levels");
        if (next is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new YamlException(next.Start, next.End, "anchors and aliases (& and *) are not supported in recipes; write the value out");
        if (next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw new YamlException(next.Start, next.End, "tags (!) are not supported in recipes");
        if (parser.TryConsume<Scalar>(out Scalar? scalar))
            return new RecipeScalar(where(scalar.Start), scalar.Value, scalar.Style != ScalarStyle.Plain);
        if (parser.TryConsume<SequenceStart>(out SequenceStart? sequence))
        {
            var items = new List<RecipeNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(depth + 1));
            return new RecipeList(where(sequence.Start), items);
        }
        return ReadMap(depth, where(parser.Consume<MappingStart>().Start));
    }

    private RecipeMap ReadMap(int depth, string start)
    {
        var entries = new List<RecipeEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not RecipeScalar key)
                throw new YamlException(parser.Current!.Start, parser.Current.End, "a key must be a word");
            var entry = new RecipeEntry(key.Text, key.Where, ReadNode(depth + 1));
            if (entries.Find(earlier => earlier.Key == key.Text) is { } earlier)
                problems.Add(new RecipeProblem(key.Where, "", $"'{key.Text}' stands here a second time (first at {earlier.KeyWhere}); remove one."));
            else
                entries.Add(entry);
        }
        return new RecipeMap(start, entries);
    }
}
