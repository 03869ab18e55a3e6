using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KeypointMl.Data.Yaml;

/// <summary>
/// YAML text → <see cref="YamlItem"/>, for every kind of YAML file that there is here. Refuses what none has a use for
/// (aliases, tags, several documents, a key twice, keys that are no text) and what goes beyond
/// <see cref="YamlLimits"/>. Whatever the library throws becomes a <see cref="YamlProblem"/>.
/// </summary>
internal sealed class YamlParser
{
    private const int MaxProblems = 20;

    private readonly Parser parser;
    private readonly List<YamlProblem> problems;
    private readonly Stack<(char Bracket, Mark Mark)> open = [];
    private int items;

    private YamlParser(string text, List<YamlProblem> problems)
    {
        parser = new Parser(new StringReader(text));
        this.problems = problems;
    }

    private ParsingEvent Current => parser.Current!;

    /// <summary>Parses a text.</summary>
    /// <param name="text">One document.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <returns>The document; null where it is empty, or where it could not be read and a problem was added.</returns>
    public static YamlItem? Parse(string text, List<YamlProblem> problems)
    {
        if (text.Length > YamlLimits.Characters)
        {
            problems.Add(new YamlProblem(1, 1, $"the text has {text.Length:N0} characters; the limit is {YamlLimits.Characters:N0}"));
            return null;
        }
        if (text.IndexOf('\0') is >= 0 and int zero)
        {
            // The library takes it for the text's end.
            int lineStart = zero == 0 ? 0 : text.LastIndexOf('\n', zero - 1) + 1;
            int line = text.AsSpan(0, zero).Count('\n') + 1;
            problems.Add(new YamlProblem(
                line, zero - lineStart + 1, "this is not YAML: it holds a zero byte. Is it a text file in UTF-8?"));
            return null;
        }
        try
        {
            return new YamlParser(text, problems).ReadDocument();
        }
        catch (YamlFault fault)
        {
            problems.Add(fault.Problem);
            return null;
        }
    }

    private YamlItem? ReadDocument()
    {
        Next();
        Next();
        if (Current is not DocumentStart)
            return null;
        Next();
        YamlItem root = ReadItem(0);
        Next();
        Next();
        if (Current is DocumentStart second)
            problems.Add(new YamlProblem(Line(second.Start), Column(second.Start), "a second YAML document starts here; expected one"));
        return root;
    }

    // Leaves the value's last event as the current one.
    private YamlItem ReadItem(int depth)
    {
        ParsingEvent start = Current;
        (int line, int column) = (Line(start.Start), Column(start.Start));
        if (++items > YamlLimits.Items)
            throw Refuse(start, $"there are more than {YamlLimits.Items:N0} keys and values");
        if (depth > YamlLimits.Depth)
            throw Refuse(start, $"it is nested deeper than {YamlLimits.Depth} levels");
        if (start is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw Refuse(start,
                "anchors and aliases (& and *) are not supported; write the value out, or quote a text that begins with one");
        }
        if (start is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw Refuse(start, "tags (!) are not supported; leave it out, or quote a text that begins with one");
        switch (start)
        {
            case Scalar scalar:
                return new YamlScalar(line, column, scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart sequence:
                Open(sequence.Style == SequenceStyle.Flow ? '[' : null, start);
                var list = new List<YamlItem>();
                for (Next(); Current is not SequenceEnd; Next())
                    list.Add(ReadItem(depth + 1));
                Close(sequence.Style == SequenceStyle.Flow);
                return new YamlList(line, column, list);
            case MappingStart mapping:
                Open(mapping.Style == MappingStyle.Flow ? '{' : null, start);
                var map = new YamlMap(line, column, ReadEntries(depth));
                Close(mapping.Style == MappingStyle.Flow);
                return map;
            default:
                throw Refuse(start, "expected a value before this: give the ':' its key, or the '-' its value");
        }
    }

    private List<YamlEntry> ReadEntries(int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        for (Next(); Current is not MappingEnd; Next())
        {
            ParsingEvent start = Current;
            if (ReadItem(depth + 1) is not YamlScalar key)
                throw Refuse(start, "a key is a list or a mapping; expected text");
            Next();
            YamlItem value = ReadItem(depth + 1);
            if (problems.Count >= MaxProblems)
                throw Refuse(start, "there are more such problems");
            if (seen.TryAdd(key.Text, key))
            {
                entries.Add(new YamlEntry(key, value));
            }
            else
            {
                string message = $"'{key.Text}' stands here a second time (first in line {seen[key.Text].Line}); remove one";
                problems.Add(new YamlProblem(key.Line, key.Column, message));
            }
        }
        return entries;
    }

    private void Next()
    {
        try
        {
            if (parser.MoveNext())
                return;
        }
        catch (YamlException error)
        {
            throw Malformed(error.Start, error.Message.TrimEnd('.'), error);
        }
        catch (Exception error)
        {
            // Some faults, a [ that is never closed among them, surface in the library as exceptions of any type.
            throw Malformed(parser.Current?.End ?? new Mark(0, 1, 1), null, error);
        }
        throw Malformed(parser.Current?.End ?? new Mark(0, 1, 1), "it ends too early", null);
    }

    private void Open(char? bracket, ParsingEvent start)
    {
        if (bracket is char shown)
            open.Push((shown, start.Start));
    }

    private void Close(bool flow)
    {
        if (flow)
            open.Pop();
    }

    private YamlFault Malformed(Mark mark, string? reason, Exception? cause)
    {
        if (!open.TryPeek(out (char Bracket, Mark Mark) bracket))
        {
            reason ??= "it cannot be read on from here; is a quote or a bracket not closed?";
            return new YamlFault(new YamlProblem(Line(mark), Column(mark), $"this is not YAML: {reason}", cause));
        }
        string stopped = $"reading stopped in line {Line(mark)}, column {Column(mark)}{(reason is null ? "" : $": {reason}")}";
        string message = $"this is not YAML: is the '{bracket.Bracket}' here not closed? ({stopped})";
        return new YamlFault(new YamlProblem(Line(bracket.Mark), Column(bracket.Mark), message, cause));
    }

    private static YamlFault Refuse(ParsingEvent at, string message) => new(new YamlProblem(Line(at.Start), Column(at.Start), message));

    private static int Line(Mark mark) => (int)Math.Max(1, mark.Line);

    private static int Column(Mark mark) => (int)Math.Max(1, mark.Column);

    private sealed class YamlFault(YamlProblem problem) : Exception(problem.Message, problem.Cause)
    {
        public YamlProblem Problem => problem;
    }
}

/// <summary>A value in a YAML text and where it begins; lines and columns count from 1.</summary>
internal abstract record YamlItem(int Line, int Column);

/// <summary>Text; <paramref name="Quoted"/> text stood in quotes or in a block.</summary>
internal sealed record YamlScalar(int Line, int Column, string Text, bool Quoted) : YamlItem(Line, Column);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlItem> Items) : YamlItem(Line, Column);

/// <summary><c>key: value</c>, in the text's order, each key once.</summary>
internal sealed record YamlMap(int Line, int Column, IReadOnlyList<YamlEntry> Entries) : YamlItem(Line, Column);

/// <summary>What is asked for and not there.</summary>
internal sealed record YamlNothing() : YamlItem(0, 0);

/// <summary>One <c>key: value</c>.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlItem Value);

/// <summary>What is wrong with a YAML text, and where.</summary>
internal sealed record YamlProblem(int Line, int Column, string Message, Exception? Cause = null);

/// <summary>How much a YAML text may hold: far more than people write, and little enough for a text from anywhere.</summary>
internal static class YamlLimits
{
    /// <summary>Characters of a text, and bytes of a file.</summary>
    public const int Characters = 4 << 20;

    /// <summary>Lists and mappings inside each other.</summary>
    public const int Depth = 16;

    /// <summary>Keys and values.</summary>
    public const int Items = 250_000;

    /// <summary>Reads a file that is not larger.</summary>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    public static string ReadFile(string path)
    {
        long bytes = new FileInfo(path).Length;
        return bytes <= Characters
            ? File.ReadAllText(path)
            : throw new InvalidDataException(
                $"{path}: the file has {bytes:N0} bytes; a YAML file may have {Characters:N0}. Is it another kind of file?");
    }
}
