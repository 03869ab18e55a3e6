namespace KeypointMl.Data.Yaml;

/// <summary>
/// One reading of a file. What is wrong with it is gathered here, so that its writer learns of everything at once; who
/// reads goes on with values that would have been right.
/// </summary>
/// <param name="file">What to call the file in messages.</param>
internal sealed class YamlReading(string file)
{
    private const int MaxListed = 20;

    private readonly List<(int Line, int Column, string Text, Exception? Cause)> problems = [];
    private readonly HashSet<YamlItem> faulty = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Exception, YamlChain?> faults = new(ReferenceEqualityComparer.Instance);
    private bool isOver;

    /// <summary>Where something stands: <c>file:line:column</c>, or that it was overridden.</summary>
    public string Place(YamlItem item) => item.Line == 0 ? $"{file} (overridden)" : $"{file}:{item.Line}:{item.Column}";

    /// <summary>Whether something is wrong with an item, or in it.</summary>
    public bool IsFaulty(YamlItem item) => item is YamlNothing || faulty.Contains(item);

    /// <summary>Keeps a problem.</summary>
    /// <param name="item">Where it is.</param>
    /// <param name="message">What is wrong, with a full stop.</param>
    /// <param name="inside">The item that it is a problem of, with those around it; null where it is no value's.</param>
    public void Add(YamlItem item, string message, YamlChain? inside) => Keep(item, $"{Place(item)}: {message}", inside);

    /// <summary>Keeps what the parser found.</summary>
    public void Add(YamlProblem problem) =>
        problems.Add((problem.Line, problem.Column, $"{file}:{problem.Line}:{problem.Column}: {problem.Message}.", problem.Cause));

    /// <summary>An exception that ends the reading of an item that nothing can stand in for.</summary>
    /// <param name="at">The item. Where something is wrong with it already, or in it, the message is not needed.</param>
    /// <param name="message">What is wrong, with a full stop.</param>
    public InvalidDataException Fault(YamlChain at, string message)
    {
        var fault = new InvalidDataException($"{Place(at.Item)}: {message}");
        faults.Add(fault, at);
        return fault;
    }

    /// <summary>An exception that ends the reading where what is wrong is kept already.</summary>
    public InvalidDataException Stop()
    {
        var fault = new InvalidDataException($"{file} cannot be used.");
        faults.Add(fault, null);
        return fault;
    }

    /// <summary>Reads something that cannot go on after some faults; they are kept, and what is around it is read on.</summary>
    /// <returns>What was read; the type's default where there was a fault.</returns>
    public T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException error) when (faults.Remove(error, out YamlChain? at))
        {
            if (at is not null && !IsFaulty(at.Item))
                Keep(at.Item, error.Message, at);
        }
        catch (InvalidDataException error)
        {
            // Of another file, which it names.
            problems.Add((int.MaxValue, 0, error.Message, error));
        }
        return default;
    }

    /// <summary>Reads the whole.</summary>
    /// <exception cref="InvalidDataException">Something was wrong; the message lists everything.</exception>
    public T Read<T>(Func<T> read)
    {
        T? result;
        try
        {
            result = Try(read);
        }
        catch (ArgumentException) when (problems.Count > 0)
        {
            // Comes of a value that stands in for a wrong one.
            result = default;
        }
        ThrowIfAny();
        isOver = true;
        return result!;
    }

    /// <exception cref="InvalidDataException">Something was wrong; the message lists everything.</exception>
    public void ThrowIfAny()
    {
        if (problems.Count == 0)
            return;
        string[] texts = [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).Select(problem => problem.Text)];
        string message = texts is [string one]
            ? one
            : $"{file} has {texts.Length} problems:\n  {string.Join("\n  ", texts.Take(MaxListed))}"
                + (texts.Length > MaxListed ? $"\n  and {texts.Length - MaxListed} more." : "");
        throw new InvalidDataException(message, problems[0].Cause);
    }

    private void Keep(YamlItem item, string text, YamlChain? inside)
    {
        // Nobody asks any more for what was gathered.
        if (isOver)
            throw new InvalidDataException(text);
        problems.Add((item.Line, item.Column, text, null));
        for (; inside is not null; inside = inside.Outer)
            faulty.Add(inside.Item);
    }
}

/// <summary>An item and those that it stands in.</summary>
internal sealed record YamlChain(YamlItem Item, YamlChain? Outer);
