namespace KeypointMl.Training;

/// <summary>Standard deviations of a random thin-plate spline's affine part (the authors: 5°, 0.05, 0.05).</summary>
/// <param name="RotationDegrees">Of the rotation, in degrees.</param>
/// <param name="Scale">Of the scale about 1.</param>
/// <param name="Translation">Of the translation, in [−1,1] units.</param>
public sealed record ThinPlateSplineSpread(double RotationDegrees = 5, double Scale = 0.05, double Translation = 0.05);
