namespace KeypointMl.Studio.Answers;

/// <summary>A request that is not answered, with the status and what the page shows.</summary>
/// <param name="status">The HTTP status, 400 to 599.</param>
/// <param name="message">What was expected, what was found, what to do.</param>
internal sealed class RefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;
}
