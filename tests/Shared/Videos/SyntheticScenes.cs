using System.Numerics;

namespace KeypointMl.Testing;

/// <summary>Scenes of known truth, each with one difficulty, and the number of animals where the finder is told.</summary>
internal static class SyntheticScenes
{
    internal static SyntheticAnimal Wanderer { get; } = new(18, 9, 60, SyntheticAnimal.Wander(new(160, 120), new(110, 80), 0.3f));
    private static SyntheticAnimal Second { get; } = new(16, 9, 60, SyntheticAnimal.Wander(new(170, 115), new(100, 75), 2.4f));

    private static SyntheticAnimal Mouse { get; } = new(34, 18, 70, SyntheticAnimal.Wander(new(320, 240), new(240, 170), 1));

    internal static Dictionary<string, (SyntheticScene Scene, int? Count)> All { get; } = new()
    {
        ["one dark animal on light ground"] = (Arena(Wanderer), null),
        ["one light animal on dark ground"] = (Arena(Wanderer with { Level = 200 }) with { Floor = 40 }, null),
        ["mouse on a white floor, 640×480"] =
            (new SyntheticScene(640, 480, 200, [Mouse]) { Floor = 240, Pattern = 3, Noise = 4 }, null),
        ["strong noise"] = (Arena(Wanderer with { Level = 150 }) with { Noise = 20, Floor = 210 }, null),
        ["light that changes"] = (Arena(Wanderer) with { LightChange = 0.12f, Floor = 180 }, null),
        ["shadow"] = (Arena(Wanderer) with { Shadow = 0.35f }, null),
        ["two that wander across each other"] = (Arena(Wanderer, Second), null),
        ["the same, their number given"] = (Arena(Wanderer, Second), 2),
        ["two that rest side by side, touching"] = (Arena(
            new(18, 9, 60, frame => Meet(frame, -9.5f)), new(18, 9, 60, frame => Meet(frame, 9.5f))), 2),
        ["two that cross"] = (Arena(
            new(18, 9, 60, SyntheticAnimal.Straight(new(40, 60), new(280, 180), 20, 140)),
            new(18, 9, 60, SyntheticAnimal.Straight(new(280, 60), new(40, 180), 20, 140))), 2),
        ["five"] = (Arena([.. Enumerable.Range(0, 5).Select(Small)]), 5),
        ["one that rests for three quarters"] = (Arena(Rester(30, 210)), null),
        ["one of two rests for nine tenths"] = (Arena(Rester(12, 228), Second), 2),
        ["a dark one and a light one"] = (Arena(Wanderer, Second with { Level = 230 }) with { Floor = 140 }, null),
        ["empty stretches"] =
            (Arena(Wanderer with { Path = frame => frame is >= 60 and < 130 or >= 200 ? null : Wanderer.Path(frame) }), null),
    };

    internal static SyntheticScene Arena(params SyntheticAnimal[] animals) => new(320, 240, 240, animals);

    private static SyntheticAnimal Rester(int from, int to) => Wanderer with
    {
        Path = frame => Wanderer.Path(frame < from ? frame : Math.Max(from, frame - to + from)),
    };

    private static SyntheticAnimal Small(int i) =>
        new(13, 7, 60, SyntheticAnimal.Wander(new(150 + 5 * i, 120), new(115, 85), 1.3f * i));

    private static Vector2? Meet(int frame, float side)
    {
        float apart = Math.Clamp(Math.Max((80 - frame) / 40f, (frame - 150) / 40f), 0, 1) * 70;
        return new Vector2(160 + MathF.Sin(frame / 15f) * 20, 120 + side + MathF.Sign(side) * apart);
    }
}
