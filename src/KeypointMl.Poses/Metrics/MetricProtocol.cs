namespace KeypointMl.Poses;

/// <summary>How a data set's error is measured, beside the error in percent of the image's size, which every data set has.</summary>
/// <param name="NormalizingKeypoints">Two keypoint indices whose distance in the true pose normalises the NME (faces: the outer eye corners, 36 and 45), or null: no NME.</param>
/// <param name="Description">One line for reports: data set, split, what is measured, in what unit.</param>
public sealed record MetricProtocol((int First, int Second)? NormalizingKeypoints, string Description);
