namespace KeypointMl.Data;

/// <summary>The 32 joints of Human3.6M in its order, with the names of the authors' release of KeypointGAN.</summary>
internal static class Human36mJoints
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        "hip", "r_hip", "r_knee", "r_ankle", "r_ball", "r_toes", "l_hip", "l_knee", "l_ankle", "l_ball", "l_toes", "pelvis", "thorax", "neck", "head_center", "head_back",
        "l_unknown", "l_shoulder", "l_elbow", "l_wrist", "l_wrist2", "l_thumb", "l_little", "l_little2", "r_unknown", "r_shoulder", "r_elbow", "r_wrist", "r_wrist2", "r_thumb", "r_little", "r_little2",
    ];

    /// <summary>The activity of a sequence: <c>Directions 1.54138969</c>, <c>Directions-1</c> and <c>Directions.55011271</c> are all <c>directions</c>.</summary>
    internal static string Activity(string sequence) => sequence.Split(' ', '.', '-', '_')[0].ToLowerInvariant();
}
