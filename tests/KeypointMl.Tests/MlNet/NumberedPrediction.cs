namespace KeypointMl.Tests.MlNet;

internal sealed class NumberedPrediction : KeypointPrediction
{
    public int Number { get; set; }
}
