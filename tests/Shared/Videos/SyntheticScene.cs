using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Testing;

/// <summary>A video of animals on a floor whose places are known.</summary>
internal sealed record SyntheticScene(int Width, int Height, int Frames, IReadOnlyList<SyntheticAnimal> Animals)
{
    private readonly float[] noise = MakeNoise();

    /// <summary>The floor's grey level.</summary>
    public float Floor { get; init; } = 230;

    /// <summary>Standard deviation of each colour's noise in grey levels.</summary>
    public float Noise { get; init; } = 3;

    /// <summary>How much the light changes: the whole by this part, and as much again from left to right.</summary>
    public float LightChange { get; init; }

    /// <summary>What part of the light a soft shadow beside each animal takes; 0 for none.</summary>
    public float Shadow { get; init; }

    /// <summary>How strong the floor's pattern is, in grey levels.</summary>
    public float Pattern { get; init; } = 8;

    /// <summary>Pixels by which the camera moves in each frame.</summary>
    public Vector2 CameraStep { get; init; }

    /// <summary>The frames, each in a buffer of its own.</summary>
    public IEnumerable<VideoFrame> Video() => Enumerable.Range(0, Frames).Select(frame => new VideoFrame(frame, Draw(frame)));

    /// <summary>One frame.</summary>
    public RgbImage Draw(int frame)
    {
        var image = new RgbImage(Width, Height);
        SyntheticAnimal.Posture[] postures = [.. Animals.Select(animal => animal.In(frame)).OfType<SyntheticAnimal.Posture>()];
        (float whole, float side) = (1 + LightChange * MathF.Sin(frame / 50f), LightChange * MathF.Sin(frame / 80f));
        var random = new Random(frame);
        float[] columns = [.. Enumerable.Range(0, Width).Select(x => MathF.Sin((x + CameraStep.X * frame) / 9))];
        for (int y = 0; y < Height; y++)
        {
            int at = random.Next(noise.Length - 3 * Width);
            float row = Pattern * MathF.Sin((y + CameraStep.Y * frame) / 13);
            SyntheticAnimal.Posture[] near = [.. postures.Where(posture => posture.Reaches(y))];
            for (int x = 0; x < Width; x++)
            {
                float ground = Floor + row * columns[x];
                float level = Level(new Vector2(x, y), ground, near) * (whole + side * (2f * x / Width - 1));
                for (int c = 0; c < 3; c++)
                    image.Pixels[(y * Width + x) * 3 + c] = (byte)Math.Clamp(level + Noise * noise[at + 3 * x + c] + 0.5f, 0, 255);
            }
        }
        return image;
    }

    private float Level(Vector2 pixel, float ground, SyntheticAnimal.Posture[] postures)
    {
        float level = ground;
        if (Shadow > 0)
        {
            foreach (SyntheticAnimal.Posture posture in postures)
                level *= 1 - Shadow * posture.Shade(pixel);
        }
        foreach (SyntheticAnimal.Posture posture in postures)
            level = float.Lerp(level, posture.Animal.Level, posture.Cover(pixel));
        return level;
    }

    private static float[] MakeNoise()
    {
        var random = new Random(7);
        float[] values = new float[1 << 16];
        for (int i = 0; i < values.Length; i++)
            values[i] = MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(MathF.Tau * random.NextSingle());
        return values;
    }
}
