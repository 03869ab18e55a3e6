using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>The patterns of clothes.</summary>
internal enum FabricPattern
{
    Plain,
    Hoops,
    Pinstripes,
    Dots,
    Checks,
    TwoTone,
}

/// <summary>A cloth: a pattern of two colours.</summary>
/// <param name="Pattern">How the colours alternate.</param>
/// <param name="First">The main colour.</param>
/// <param name="Second">The other colour.</param>
/// <param name="Period">The pattern's period in adult heights.</param>
internal sealed record Fabric(FabricPattern Pattern, Vector3 First, Vector3 Second, float Period)
{
    public Vector3 Mean => Pattern == FabricPattern.Plain
        ? First
        : Vector3.Lerp(First, Second, Pattern == FabricPattern.Dots ? 0.25f : 0.5f);

    public static Fabric Plain(Vector3 colour) => new(FabricPattern.Plain, colour, colour, 1);

    /// <summary>The colour at a point of the cloth.</summary>
    /// <param name="across">Around the limb or trunk, in adult heights.</param>
    /// <param name="along">Down the limb or trunk, in adult heights.</param>
    public Vector3 At(float across, float along) => Pattern switch
    {
        FabricPattern.Hoops => Mix(Wave(along / Period)),
        FabricPattern.Pinstripes => Mix(Wave(across / Period)),
        FabricPattern.Checks => Mix((Wave(across / Period) + Wave(along / Period)) / 2),
        FabricPattern.Dots => Mix(Dots(across / Period, along / Period)),
        FabricPattern.TwoTone => Mix(Math.Clamp((along - 0.14f) * 60 + 0.5f, 0, 1)),
        _ => First,
    };

    private Vector3 Mix(float amount) => Vector3.Lerp(First, Second, amount);

    /// <summary>A square wave with slanted flanks, which alias less.</summary>
    private static float Wave(float turns)
    {
        float triangle = MathF.Abs(turns - MathF.Floor(turns) - 0.5f) * 4 - 1;
        return Math.Clamp(0.5f + 1.3f * triangle, 0, 1);
    }

    private static float Dots(float x, float y)
    {
        float row = MathF.Floor(y);
        float shift = ((int)row & 1) == 0 ? 0 : 0.5f;
        float dx = x + shift - MathF.Floor(x + shift) - 0.5f;
        float dy = y - row - 0.5f;
        return Math.Clamp((0.36f - MathF.Sqrt(dx * dx + dy * dy)) * 8 + 0.5f, 0, 1);
    }
}
