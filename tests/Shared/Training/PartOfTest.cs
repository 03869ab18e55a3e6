using KeypointMl.Data.Frames;

namespace KeypointMl.Testing;

/// <summary>A data set whose split <c>train</c> has labels of the first clip of its test frames, as 300-W's <c>common</c> has.</summary>
internal sealed class PartOfTest(IDataset inner) : ChangedDataset(inner)
{
    public override LabelledFrames OpenLabelled(string split)
    {
        LabelledFrames test = base.OpenLabelled("test");
        if (split == "test")
            return test;
        Clip first = test.Frames.Clips[0];
        return test with { Frames = new FrameSubset(test.Frames, [first]), Poses = [.. test.Poses.Take(first.Length)] };
    }
}
