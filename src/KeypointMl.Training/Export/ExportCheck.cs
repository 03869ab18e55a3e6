namespace KeypointMl.Training;

/// <summary>What an exported graph must keep to before its file is written.</summary>
internal static class ExportCheck
{
    /// <summary>Refuses a difference, NaN too.</summary>
    /// <exception cref="InvalidOperationException">It is above the tolerance.</exception>
    public static void Require(double difference, double tolerance, string what, string unit)
    {
        if (!(difference <= tolerance))
            throw new InvalidOperationException($"The exported graph differs from the trained network: the {what} is {difference:G3} {unit}, and {tolerance:G3} are allowed. Nothing was written; please report this with the recipe.");
    }
}
