using System.Numerics;
using static KeypointMl.Data.Puppets.Body.PuppetSkeleton;

namespace KeypointMl.Data.Puppets.Drawing;

/// <content>What hangs between several joints: shirt, seat and skirt.</content>
internal ref partial struct FigurePainter
{
    private readonly void PaintTrunk()
    {
        float girth = body.Girth;
        Vector3 neck = figure.Joints[Neck];
        Vector3 pelvis = figure.Joints[Pelvis];
        Camera.Projected top = camera.ProjectWithScale(neck);
        Camera.Projected bottom = camera.ProjectWithScale(pelvis);
        float pixels = (top.PixelsPerHeight + bottom.PixelsPerHeight) / 2;

        // The seat of the trousers, the neck, then the shirt over both.
        float seat = 0.05f * girth;
        Vector3 hips = Vector3.Transform(new Vector3(body.HipHalfWidth * 0.9f, 0, 0), figure.PelvisRotation);
        canvas.Paint(new LimbShape(camera.ProjectWithScale(pelvis - hips), camera.ProjectWithScale(pelvis + hips), seat,
            seat, body.HipHalfWidth * 2, outfit.Trousers, 0.85f));
        Camera.Projected chin = camera.ProjectWithScale(Vector3.Lerp(neck, figure.Joints[Head], 0.5f));
        canvas.Paint(new LimbShape(top, chin, 0.034f, 0.034f, 0.1f, Fabric.Plain(outfit.Skin), 0.85f));

        float rounding = 0.036f * girth;
        float shoulder = body.ShoulderHalfWidth - 0.016f;
        float waist = (0.64f * body.ShoulderHalfWidth) - (0.4f * rounding);
        float hip = body.HipHalfWidth + 0.01f;
        Vector3 middle = Vector3.Lerp(neck, pelvis, 0.62f);
        var corners = default(ClothShape.Corners);
        corners[0] = Chest(neck, -0.03f, -0.022f);
        corners[1] = Chest(neck, 0.03f, -0.022f);
        corners[2] = Chest(neck, shoulder, -0.045f);
        corners[3] = Chest(middle, waist, 0);
        corners[4] = Hip(hip);
        corners[5] = Hip(-hip);
        corners[6] = Chest(middle, -waist, 0);
        corners[7] = Chest(neck, -shoulder, -0.045f);
        Vector3 forward = Vector3.Transform(Vector3.UnitZ, figure.ChestRotation);
        float turn = MathF.Atan2(forward.X, forward.Z);
        canvas.Paint(new ClothShape(
            corners, rounding * pixels, top.Point, bottom.Point, (shoulder + rounding) * pixels, pixels, turn, outfit.Shirt));
        if (forward.Z > 0.1f)
        {
            Vector3 badge = neck + Vector3.Transform(new Vector3(0.052f, -0.09f, 0.05f * girth), figure.ChestRotation);
            canvas.Paint(new EllipseShape(camera.Project(badge), new Vector2(0.019f * MathF.Max(0.4f, forward.Z), 0.022f) * pixels,
                new Vector4(outfit.Badge, 1)));
        }
    }

    private readonly void PaintSkirt()
    {
        if (!outfit.Skirt)
            return;
        Camera.Projected waist = camera.ProjectWithScale(figure.Joints[Pelvis]);
        float pixels = waist.PixelsPerHeight;
        // The hem hangs from the thighs, and swings out to the image's sides, whichever leg is there.
        Vector2 left = camera.Project(Vector3.Lerp(figure.Joints[LeftHip], figure.Joints[LeftKnee], 0.78f));
        Vector2 right = camera.Project(Vector3.Lerp(figure.Joints[RightHip], figure.Joints[RightKnee], 0.78f));
        if (left.X < right.X)
            (left, right) = (right, left);
        Vector2 flare = new(0.022f * pixels, 0);
        float half = body.HipHalfWidth;
        var corners = default(ClothShape.Corners);
        corners[0] = Hip(-half);
        corners[1] = camera.Project(figure.Joints[Pelvis]);
        corners[2] = Hip(half);
        corners[3] = left + flare;
        corners[4] = Vector2.Lerp(left, right, 0.33f);
        corners[5] = Vector2.Lerp(left, right, 0.67f);
        corners[6] = right - flare;
        corners[7] = corners[0];
        Vector3 forward = Vector3.Transform(Vector3.UnitZ, figure.PelvisRotation);
        canvas.Paint(new ClothShape(
            corners, 0.034f * body.Girth * pixels, waist.Point, (left + right) / 2, 0.13f * pixels, pixels,
            MathF.Atan2(forward.X, forward.Z), outfit.Trousers));
    }

    private readonly Vector2 Chest(Vector3 from, float x, float y) =>
        camera.Project(from + Vector3.Transform(new Vector3(x, y, 0), figure.ChestRotation));

    private readonly Vector2 Hip(float x) =>
        camera.Project(figure.Joints[Pelvis] + Vector3.Transform(new Vector3(x, 0.015f, 0), figure.PelvisRotation));
}
