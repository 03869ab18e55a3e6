namespace KeypointMl.Onnx;

/// <summary>Collects what is wrong, a sentence each, up to a number that a reader can take in: a hostile file may have a problem per byte.</summary>
internal sealed class ProblemList
{
    private const int Max = 100;
    private readonly List<string> _problems = [];
    private int _left;

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Sentences => _left == 0 ? _problems : [.. _problems, $"And {_left} more."];

    /// <summary>Whether further sentences are only counted.</summary>
    public bool IsFull => _problems.Count >= Max;

    /// <summary>Adds a sentence.</summary>
    public void Add(string problem)
    {
        if (!IsFull)
            _problems.Add(problem);
        else
            _left++;
    }
}
