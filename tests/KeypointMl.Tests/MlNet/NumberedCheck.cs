namespace KeypointMl.Tests.MlNet;

internal sealed class NumberedCheck : CheckedKeypointPrediction
{
    public int Number { get; set; }
}
