namespace KeypointMl.Data;

/// <summary>The joints of MPI-INF-3DHP in its orders: 28 in the training part, 17 in the test part.</summary>
internal static class MpiInf3dhpJoints
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        "spine3", "spine4", "spine2", "spine", "pelvis", "neck", "head", "head_top", "l_clavicle", "l_shoulder", "l_elbow", "l_wrist", "l_hand", "r_clavicle", "r_shoulder", "r_elbow", "r_wrist",
        "r_hand", "l_hip", "l_knee", "l_ankle", "l_foot", "l_toe", "r_hip", "r_knee", "r_ankle", "r_foot", "r_toe",
    ];

    internal static IReadOnlyList<string> TestNames { get; } =
    [
        "head_top", "neck", "r_shoulder", "r_elbow", "r_wrist", "l_shoulder", "l_elbow", "l_wrist", "r_hip", "r_knee", "r_ankle", "l_hip", "l_knee", "l_ankle", "pelvis", "spine", "head",
    ];
}
