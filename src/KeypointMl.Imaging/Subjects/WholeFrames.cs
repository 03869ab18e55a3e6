namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Marks the exceptions about videos whose subjects cannot be told from a ground: their frames serve as a whole. The type of these
/// exceptions is sealed.
/// </summary>
internal static class WholeFrames
{
    private const string Key = "KeypointMl.Imaging.Subjects.WholeFrames";

    /// <summary>Marks an exception.</summary>
    internal static InvalidDataException Advise(InvalidDataException error)
    {
        error.Data[Key] = true;
        return error;
    }

    /// <summary>Whether an exception is marked.</summary>
    internal static bool AreAdvisedBy(Exception error) => error.Data.Contains(Key);
}
