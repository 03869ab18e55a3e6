namespace KeypointMl.Data.Puppets;

/// <summary>The upper half of a scene's number: scenes of different splits never share a random stream, hence neither a person nor a motion.</summary>
internal enum PuppetSplit : ulong
{
    Train = 1,
    Prior = 2,
    Test = 3,
}
