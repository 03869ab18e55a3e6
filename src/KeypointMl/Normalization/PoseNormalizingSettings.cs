using KeypointMl.Poses;

namespace KeypointMl;

/// <summary>All that a normalising transform is made of; what its saved form holds.</summary>
internal sealed record PoseNormalizingSettings(string OutputColumn, string KeypointsColumn, PoseNormalization Normalization, Skeleton? Skeleton);
