using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>How far a garment covers a limb.</summary>
internal enum Coverage
{
    /// <summary>To the elbow or knee.</summary>
    Short,

    /// <summary>To the wrist or ankle.</summary>
    Long,
}

/// <summary>Ways to wear one's hair.</summary>
internal enum HairStyle
{
    Short,
    Long,
    Bun,
    Bald,
    Cap,
}

/// <summary>
/// A person's looks. Everyone wears the same kind of kit: left sleeve and left leg are of a darker tone than the right
/// ones, a badge sits on the left of the chest and a band on the left wrist, so that left and right can be told apart
/// whichever colours they have.
/// </summary>
internal sealed record Outfit
{
    /// <summary>What the left limbs' colours are multiplied by.</summary>
    public const float LeftTone = 0.62f;

    public required Vector3 Skin { get; init; }

    public required Vector3 Hair { get; init; }

    public required HairStyle HairStyle { get; init; }

    /// <summary>How far the hair comes down the forehead and the temples.</summary>
    public required float HairLine { get; init; }

    public required Fabric Shirt { get; init; }

    public required Fabric Sleeves { get; init; }

    public required Coverage SleeveLength { get; init; }

    public required Fabric Trousers { get; init; }

    public required Coverage TrouserLength { get; init; }

    public required bool Skirt { get; init; }

    public required Vector3 Shoes { get; init; }

    public required Vector3 Badge { get; init; }

    /// <summary>Draws clothes that stand out from a background.</summary>
    public static Outfit Draw(ref SeededRandom random, Vector3 background)
    {
        Fabric shirt = DrawFabric(ref random, Palette.DrawCloth, background, patterned: 0.65);
        Fabric trousers = DrawFabric(ref random, Palette.DrawTrousers, background, patterned: 0.2);
        for (int attempt = 0; attempt < 8 && Vector3.Distance(trousers.Mean, shirt.Mean) < 0.3f; attempt++)
            trousers = DrawFabric(ref random, Palette.DrawTrousers, background, patterned: 0.2);
        HairStyle hairStyle = random.Next(10) switch
        {
            < 4 => HairStyle.Short,
            < 6 => HairStyle.Long,
            < 7 => HairStyle.Bun,
            < 8 => HairStyle.Bald,
            _ => HairStyle.Cap,
        };
        Vector3 skin = Palette.DrawSkin(ref random);
        return new Outfit
        {
            Skin = skin,
            Hair = DrawDistinct(ref random, hairStyle == HairStyle.Cap ? Palette.DrawCloth : Palette.DrawHair, skin),
            HairStyle = hairStyle,
            HairLine = random.Uniform(-0.12f, 0.16f),
            Shirt = shirt,
            Sleeves = random.Chance(0.6) ? Fabric.Plain(shirt.First) : shirt,
            SleeveLength = random.Chance(0.5) ? Coverage.Long : Coverage.Short,
            Trousers = trousers,
            TrouserLength = random.Chance(0.65) ? Coverage.Long : Coverage.Short,
            Skirt = random.Chance(0.12),
            Shoes = Palette.DrawCloth(ref random) * random.Uniform(0.3f, 1),
            Badge = shirt.Mean.X + shirt.Mean.Y + shirt.Mean.Z > 1.5f ? new Vector3(0.1f, 0.12f, 0.2f) : new Vector3(0.97f, 0.95f, 0.85f),
        };
    }

    private delegate Vector3 ColourSource(ref SeededRandom random);

    private static Fabric DrawFabric(ref SeededRandom random, ColourSource source, Vector3 background, double patterned)
    {
        Vector3 first = DrawDistinct(ref random, source, background);
        Vector3 second = random.Next(3) switch
        {
            0 => Vector3.Lerp(first, Vector3.One, 0.75f),
            1 => first * 0.5f,
            _ => DrawDistinct(ref random, source, first),
        };
        FabricPattern pattern = random.Chance(patterned) ? (FabricPattern)(1 + random.Next(5)) : FabricPattern.Plain;
        return new Fabric(pattern, first, second, random.Uniform(0.055f, 0.11f));
    }

    private static Vector3 DrawDistinct(ref SeededRandom random, ColourSource source, Vector3 other)
    {
        Vector3 colour = source(ref random);
        for (int attempt = 0; attempt < 8 && Vector3.Distance(colour, other) < 0.32f; attempt++)
            colour = source(ref random);
        return colour;
    }
}
