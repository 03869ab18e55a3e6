namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Motions are written in degrees and computed in radians.</summary>
internal static class Angle
{
    public static float Degrees(float degrees) => degrees * (MathF.PI / 180);
}
