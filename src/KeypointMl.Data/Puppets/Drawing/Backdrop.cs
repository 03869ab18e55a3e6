using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>A room: a wall and a floor in gradients, soft blobs on them, optionally clutter. Places are fractions of the frame.</summary>
internal sealed class Backdrop
{
    private readonly Vector3 wallTop;
    private readonly Vector3 wallBottom;
    private readonly Vector3 floorFar;
    private readonly Vector3 floorNear;
    private readonly float horizon;
    private readonly float horizonSoftness;
    private readonly Blob[] blobs;
    private readonly Blob[] clutter;

    private Backdrop(ref SeededRandom random, Placement placement, bool cluttered)
    {
        float hue = random.Uniform(0, 1);
        wallTop = Muted(ref random, hue, 0.45f, 0.92f);
        wallBottom = Vector3.Lerp(wallTop, Muted(ref random, hue + random.Uniform(-0.15f, 0.15f), 0.4f, 0.95f), random.Uniform(0.2f, 1));
        floorFar = Muted(ref random, random.Uniform(0, 1), 0.3f, 0.8f);
        floorNear = floorFar * random.Uniform(0.72f, 1.15f);
        horizon = Math.Clamp(0.5f + placement.Origin.Y - random.Uniform(0.03f, 0.2f), 0.35f, 0.95f);
        horizonSoftness = random.Uniform(0.01f, 0.06f);
        blobs = new Blob[4 + random.Next(5)];
        for (int i = 0; i < blobs.Length; i++)
        {
            var centre = new Vector2(random.Uniform(0, 1), random.Uniform(0, 1));
            Vector3 colour = Muted(ref random, random.Uniform(0, 1), 0.25f, 1);
            blobs[i] = new Blob(centre, new Vector2(random.Uniform(0.12f, 0.4f), random.Uniform(0.12f, 0.4f)),
                new Vector4(colour, random.Uniform(0.12f, 0.4f)), random.Uniform(0.15f, 0.35f));
        }
        clutter = cluttered ? new Blob[14] : [];
        for (int i = 0; i < clutter.Length; i++)
        {
            var centre = new Vector2(random.Uniform(0, 1), random.Uniform(0, 1));
            clutter[i] = new Blob(centre, new Vector2(random.Uniform(0.02f, 0.14f), random.Uniform(0.02f, 0.2f)),
                new Vector4(Palette.DrawCloth(ref random), 1), 0);
        }
        MeanColour = Vector3.Lerp((wallTop + wallBottom) / 2, floorFar, 0.35f);
    }

    /// <summary>The colour that clothes should differ from.</summary>
    public Vector3 MeanColour { get; }

    public static Backdrop Draw(ref SeededRandom random, Placement placement, bool clutter) => new(ref random, placement, clutter);

    public void Paint(Canvas canvas)
    {
        var size = new Vector2(canvas.Width, canvas.Height);
        for (int y = 0; y < canvas.Height; y++)
        {
            float height = (y + 0.5f) / canvas.Height;
            Vector3 wall = Vector3.Lerp(wallTop, wallBottom, height / horizon);
            Vector3 floor = Vector3.Lerp(floorFar, floorNear, (height - horizon) / (1 - horizon));
            Vector3 colour = Vector3.Lerp(wall, floor, Math.Clamp((height - horizon) / horizonSoftness + 0.5f, 0, 1));
            for (int x = 0; x < canvas.Width; x++)
                colour.CopyTo(canvas.Pixels.Slice((y * canvas.Width + x) * 3, 3));
        }
        foreach (Blob blob in blobs)
            canvas.Paint(new EllipseShape(blob.Centre * size, blob.Radii * size, blob.Colour, blob.Softness * size.Y));
        foreach (Blob thing in clutter)
            canvas.Paint(new EllipseShape(thing.Centre * size, thing.Radii * size, thing.Colour));
    }

    private static Vector3 Muted(ref SeededRandom random, float hue, float low, float high) =>
        Palette.Hsv(hue, random.Uniform(0.03f, 0.34f), random.Uniform(low, high));

    private readonly record struct Blob(Vector2 Centre, Vector2 Radii, Vector4 Colour, float Softness);
}
