using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Puppets.Body;

/// <summary>The puppets' keypoints: a tree of 14 edges with the pelvis and the neck as its forks.</summary>
internal static class PuppetSkeleton
{
    public const int Head = 0;
    public const int Neck = 1;
    public const int Pelvis = 2;
    public const int RightShoulder = 3;
    public const int RightElbow = 4;
    public const int RightWrist = 5;
    public const int LeftShoulder = 6;
    public const int LeftElbow = 7;
    public const int LeftWrist = 8;
    public const int RightHip = 9;
    public const int RightKnee = 10;
    public const int RightAnkle = 11;
    public const int LeftHip = 12;
    public const int LeftKnee = 13;
    public const int LeftAnkle = 14;
    public const int Count = 15;

    public static readonly Skeleton Instance = new(
        "puppet",
        [
            "head", "neck", "pelvis",
            "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
            "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        ],
        [
            new(Head, Neck), new(Neck, Pelvis),
            new(Neck, RightShoulder), new(RightShoulder, RightElbow), new(RightElbow, RightWrist),
            new(Neck, LeftShoulder), new(LeftShoulder, LeftElbow), new(LeftElbow, LeftWrist),
            new(Pelvis, RightHip), new(RightHip, RightKnee), new(RightKnee, RightAnkle),
            new(Pelvis, LeftHip), new(LeftHip, LeftKnee), new(LeftKnee, LeftAnkle),
        ],
        [
            (LeftShoulder, RightShoulder), (LeftElbow, RightElbow), (LeftWrist, RightWrist),
            (LeftHip, RightHip), (LeftKnee, RightKnee), (LeftAnkle, RightAnkle),
        ],
        [
            new("trunk", [Head, Neck, Pelvis, RightShoulder, LeftShoulder, RightHip, LeftHip]),
            new("arms", [RightElbow, RightWrist, LeftElbow, LeftWrist]),
            new("legs", [RightKnee, RightAnkle, LeftKnee, LeftAnkle]),
        ]);
}
