namespace KeypointMl.Imaging.Files;

/// <summary>
/// Keeps outputs from replacing what they are made of, however both are spelled and through whatever links: before
/// anything is written.
/// </summary>
internal sealed class OutputGuard
{
    private readonly Dictionary<FileIdentity, string> existing = [];
    private readonly List<string> outputs;

    /// <summary>Looks at what the outputs' paths lead to now.</summary>
    /// <param name="outputs">The files that are to be written; they need not be there.</param>
    /// <exception cref="InvalidDataException">Two of them are one file.</exception>
    public OutputGuard(IEnumerable<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        this.outputs = [.. outputs];
        for (int i = 0; i < this.outputs.Count; i++)
        {
            string output = this.outputs[i];
            if (this.outputs.Take(i).FirstOrDefault(other => FileIdentity.AreSame(other, output)) is { } same)
            {
                throw new InvalidDataException(
                    $"The outputs '{PrintableText.Of(same)}' and '{PrintableText.Of(output)}' are one file, of which only "
                    + "the last would be left. "
                    + "Give each a name of its own.");
            }
            if (FileIdentity.Of(output) is { } identity)
                existing.TryAdd(identity, output);
        }
    }

    /// <summary>Refuses an input that an output would replace.</summary>
    /// <param name="input">The input's path; null for none.</param>
    /// <exception cref="InvalidDataException">An output is the same file, or a link to it.</exception>
    public void Require(string? input)
    {
        if (input is null || existing.Count == 0)
            return;
        if (FileIdentity.Of(input) is { } identity && existing.TryGetValue(identity, out string? output))
        {
            throw new InvalidDataException(
                $"The output '{PrintableText.Of(output)}' would replace the input '{PrintableText.Of(input)}'. "
                + "Give the output another name.");
        }
    }

    /// <summary>Refuses one output that would replace one of some inputs.</summary>
    /// <param name="output">The file that is to be written; it need not be there. Null for none.</param>
    /// <param name="inputs">What it is made of; null for none.</param>
    /// <exception cref="InvalidDataException">It is the same file as one of them, or a link to it.</exception>
    public static void Require(string? output, params IEnumerable<string?> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (output is null)
            return;
        var guard = new OutputGuard([output]);
        foreach (string? input in inputs)
            guard.Require(input);
    }
}
