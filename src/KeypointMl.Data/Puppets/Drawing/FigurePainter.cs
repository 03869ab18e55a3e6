using System.Numerics;
using KeypointMl.Data.Puppets.Body;
using static KeypointMl.Data.Puppets.Body.PuppetSkeleton;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>Draws a dressed figure, part by part from far to near.</summary>
internal ref partial struct FigurePainter
{
    private readonly Canvas canvas;
    private readonly PuppetFigure figure;
    private readonly PuppetBody body;
    private readonly Outfit outfit;
    private readonly Camera camera;

    private FigurePainter(Canvas canvas, PuppetFigure figure, PuppetBody body, Outfit outfit, Camera camera)
    {
        this.canvas = canvas;
        this.figure = figure;
        this.body = body;
        this.outfit = outfit;
        this.camera = camera;
    }

    private enum Part
    {
        LeftThigh,
        RightThigh,
        LeftShank,
        RightShank,
        LeftFoot,
        RightFoot,
        Trunk,
        Skirt,
        BackHair,
        Head,
        LeftUpperArm,
        RightUpperArm,
        LeftForearm,
        RightForearm,
        Count,
    }

    public static void Paint(Canvas canvas, PuppetFigure figure, PuppetBody body, Outfit outfit, Camera camera)
    {
        var painter = new FigurePainter(canvas, figure, body, outfit, camera);
        painter.PaintShadow();
        Span<Part> parts = stackalloc Part[(int)Part.Count];
        Span<float> nearness = stackalloc float[(int)Part.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = (Part)i;
            nearness[i] = painter.Nearness((Part)i);
        }
        nearness.Sort(parts);
        foreach (Part part in parts)
            painter.PaintPart(part);
    }

    // The small constants decide ties: a hanging arm is before the trunk, a shirt before the thighs of a standing person.
    private readonly float Nearness(Part part) => part switch
    {
        Part.LeftThigh => Between(LeftHip, LeftKnee),
        Part.RightThigh => Between(RightHip, RightKnee),
        Part.LeftShank => Between(LeftKnee, LeftAnkle) - 0.005f,
        Part.RightShank => Between(RightKnee, RightAnkle) - 0.005f,
        Part.LeftFoot => figure.Joints[LeftAnkle].Z - 0.01f,
        Part.RightFoot => figure.Joints[RightAnkle].Z - 0.01f,
        Part.Trunk => Between(Neck, Pelvis) + 0.075f,
        Part.Skirt => figure.Joints[Pelvis].Z + 0.07f,
        Part.BackHair => HairEnd().Z + 0.06f,
        Part.Head => figure.Joints[Head].Z + 0.08f,
        Part.LeftUpperArm => Between(LeftShoulder, LeftElbow) + 0.085f,
        Part.RightUpperArm => Between(RightShoulder, RightElbow) + 0.085f,
        Part.LeftForearm => Between(LeftElbow, LeftWrist) + 0.09f,
        _ => Between(RightElbow, RightWrist) + 0.09f,
    };

    private readonly void PaintPart(Part part)
    {
        switch (part)
        {
            case Part.LeftThigh:
                Limb(LeftHip, LeftKnee, 0.052f, 0.038f, outfit.Trousers, Outfit.LeftTone);
                break;
            case Part.RightThigh:
                Limb(RightHip, RightKnee, 0.052f, 0.038f, outfit.Trousers, 1);
                break;
            case Part.LeftShank:
                Limb(LeftKnee, LeftAnkle, 0.037f, 0.025f, LowerLeg(), BareLegs ? 1 : Outfit.LeftTone);
                break;
            case Part.RightShank:
                Limb(RightKnee, RightAnkle, 0.037f, 0.025f, LowerLeg(), 1);
                break;
            case Part.LeftFoot:
                Tip(LeftAnkle, figure.LeftToes, 0.028f, Fabric.Plain(outfit.Shoes), Outfit.LeftTone);
                break;
            case Part.RightFoot:
                Tip(RightAnkle, figure.RightToes, 0.028f, Fabric.Plain(outfit.Shoes), 1);
                break;
            case Part.LeftUpperArm:
                Limb(LeftShoulder, LeftElbow, 0.037f, 0.029f, outfit.Sleeves, Outfit.LeftTone);
                break;
            case Part.RightUpperArm:
                Limb(RightShoulder, RightElbow, 0.037f, 0.029f, outfit.Sleeves, 1);
                break;
            case Part.LeftForearm:
                Tip(LeftWrist, figure.LeftFingers, 0.023f, Fabric.Plain(outfit.Skin), 1);
                Limb(LeftElbow, LeftWrist, 0.028f, 0.02f, LowerArm(), outfit.SleeveLength == Coverage.Long ? Outfit.LeftTone : 1);
                Wristband();
                break;
            case Part.RightForearm:
                Tip(RightWrist, figure.RightFingers, 0.023f, Fabric.Plain(outfit.Skin), 1);
                Limb(RightElbow, RightWrist, 0.028f, 0.02f, LowerArm(), 1);
                break;
            case Part.Trunk:
                PaintTrunk();
                break;
            case Part.Skirt:
                PaintSkirt();
                break;
            case Part.BackHair:
                PaintBackHair();
                break;
            case Part.Head:
                canvas.Paint(new HeadShape(camera.ProjectWithScale(figure.Joints[Head]), body.HeadRadius, figure.HeadRotation, outfit));
                break;
        }
    }

    private readonly bool BareLegs => outfit.TrouserLength == Coverage.Short || outfit.Skirt;

    private readonly Fabric LowerLeg() => BareLegs ? Fabric.Plain(outfit.Skin) : outfit.Trousers;

    private readonly Fabric LowerArm() => outfit.SleeveLength == Coverage.Long ? outfit.Sleeves : Fabric.Plain(outfit.Skin);

    private readonly void Limb(int from, int to, float startRadius, float endRadius, Fabric fabric, float tone)
    {
        Vector3 start = figure.Joints[from];
        Vector3 end = figure.Joints[to];
        canvas.Paint(new LimbShape(
            camera.ProjectWithScale(start), camera.ProjectWithScale(end), startRadius * body.Girth, endRadius * body.Girth,
            Vector3.Distance(start, end), fabric, tone));
    }

    private readonly void Tip(int joint, Vector3 tip, float radius, Fabric fabric, float tone) => canvas.Paint(new LimbShape(
        camera.ProjectWithScale(figure.Joints[joint]), camera.ProjectWithScale(tip), radius, 0.85f * radius, 0.05f, fabric, tone));

    private readonly void Wristband()
    {
        Vector3 wrist = figure.Joints[LeftWrist];
        Vector3 elbow = figure.Joints[LeftElbow];
        float radius = 0.0215f * body.Girth;
        Camera.Projected start = camera.ProjectWithScale(Vector3.Lerp(wrist, elbow, 0.14f));
        canvas.Paint(new LimbShape(
            start, camera.ProjectWithScale(Vector3.Lerp(wrist, elbow, 0.24f)), radius, radius, 0.03f, Fabric.Plain(outfit.Badge), 1));
    }

    private readonly Vector3 HairEnd()
    {
        Vector3 place = outfit.HairStyle == HairStyle.Bun ? new Vector3(0, 0.75f, -0.75f) : new Vector3(0, -0.75f, -0.62f);
        return figure.Joints[Head] + Vector3.Transform(place * body.HeadRadius, figure.HeadRotation);
    }

    private readonly void PaintBackHair()
    {
        if (outfit.HairStyle is not (HairStyle.Long or HairStyle.Bun))
            return;
        Camera.Projected end = camera.ProjectWithScale(HairEnd());
        bool bun = outfit.HairStyle == HairStyle.Bun;
        Camera.Projected start = bun ? end : camera.ProjectWithScale(figure.Joints[Head]);
        float radius = body.HeadRadius * (bun ? 0.48f : 0.86f);
        canvas.Paint(new LimbShape(start, end, radius, bun ? radius : 0.9f * radius, 0.1f, Fabric.Plain(outfit.Hair), 0.9f));
    }

    private readonly void PaintShadow()
    {
        Vector3 left = figure.Joints[LeftAnkle];
        Vector3 right = figure.Joints[RightAnkle];
        Vector3 middle = (left + right) / 2;
        Camera.Projected centre = camera.ProjectWithScale(middle with { Y = 0 });
        float width = 0.11f + MathF.Abs(left.X - right.X) / 2;
        canvas.Paint(new EllipseShape(centre.Point, new Vector2(width, 0.03f) * centre.PixelsPerHeight,
            new Vector4(0, 0, 0, 0.3f), 0.035f * centre.PixelsPerHeight));
    }

    private readonly float Between(int first, int second) => (figure.Joints[first].Z + figure.Joints[second].Z) / 2;
}

/// <summary>One lamp above the camera: how bright a surface of a given direction is.</summary>
internal static class Light
{
    // x right, y down, z to the camera.
    private static readonly Vector3 Direction = Vector3.Normalize(new Vector3(-0.25f, -0.55f, 0.8f));

    /// <summary>Brightness of a cylinder seen from the side.</summary>
    /// <param name="across">The point's place between the cylinder's edges, −1…1.</param>
    /// <param name="side">Unit vector in the image towards the edge at +1.</param>
    public static float OnCylinder(float across, Vector2 side)
    {
        float v = Math.Clamp(across, -1, 1);
        float depth = MathF.Sqrt(1 - v * v);
        return Brightness(v * (side.X * Direction.X + side.Y * Direction.Y) + depth * Direction.Z);
    }

    /// <summary>Brightness where the surface's unit normal is given.</summary>
    public static float OnSurface(Vector3 normal) => Brightness(Vector3.Dot(normal, Direction));

    private static float Brightness(float cosine) => 0.66f + 0.42f * MathF.Max(0, cosine);
}
