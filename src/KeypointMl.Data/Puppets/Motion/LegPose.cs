namespace KeypointMl.Data.Puppets.Motion;

/// <summary>The angles of a leg, in radians; all zero: straight down.</summary>
/// <param name="Abduction">Spread sideways.</param>
/// <param name="Flexion">Thigh swung forward.</param>
/// <param name="Knee">Bend of the knee, backwards; 0 is straight.</param>
internal readonly record struct LegPose(float Abduction, float Flexion, float Knee)
{
    public static LegPose Degrees(float abduction, float flexion, float knee) => new(Angle.Degrees(abduction), Angle.Degrees(flexion), Angle.Degrees(knee));
}
