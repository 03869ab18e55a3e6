using KeypointMl.Scoring;

namespace KeypointMl.Cli;

/// <summary>Writes down what happens while scoring.</summary>
internal interface IScoringLog
{
    /// <summary>What a person should know beside the results.</summary>
    void Note(string message);

    /// <summary>An input failed.</summary>
    void Failed(PredictionRow row);

    /// <summary>How far it is.</summary>
    /// <param name="done">Frames taken in.</param>
    /// <param name="frames">Frames there are; null where that is not known.</param>
    /// <param name="framesPerSecond">How fast it was lately.</param>
    /// <param name="left">How long it still takes; null where that is not known.</param>
    void Progress(long done, long? frames, double framesPerSecond, TimeSpan? left);

    /// <summary>A shard is finished.</summary>
    void Finished(ShardRecord record);
}
