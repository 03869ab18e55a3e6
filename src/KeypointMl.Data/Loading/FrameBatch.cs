using KeypointMl.Data.Frames;
using KeypointMl.Data.Pairs;

namespace KeypointMl.Data.Loading;

/// <summary>
/// The pairs of one training step. Dispose it to give its buffers back to the loader; after that they hold another
/// step's frames.
/// </summary>
public sealed class FrameBatch : IDisposable
{
    private readonly Action<FrameBatch> giveBack;
    private int handedOut;

    internal FrameBatch(int size, int width, int height, Action<FrameBatch> giveBack)
    {
        this.giveBack = giveBack;
        Size = size;
        Width = width;
        Height = height;
        X = new byte[checked(size * height * width * 3)];
        Style = new byte[X.Length];
        XIndices = new int[size];
        StyleIndices = new int[size];
    }

    /// <summary>N, the number of pairs.</summary>
    public int Size { get; }

    /// <summary>W in pixels.</summary>
    public int Width { get; }

    /// <summary>H in pixels.</summary>
    public int Height { get; }

    /// <summary>The training step that these pairs belong to.</summary>
    public long Step { get; private set; }

    /// <summary>[N,H,W,3] bytes: the frames x.</summary>
    public byte[] X { get; }

    /// <summary>[N,H,W,3] bytes: the frames x′ that give the appearance.</summary>
    public byte[] Style { get; }

    /// <summary>[N]: index of each x in the frame set.</summary>
    public int[] XIndices { get; }

    /// <summary>[N]: index of each x′ in the frame set.</summary>
    public int[] StyleIndices { get; }

    /// <summary>Gives the buffers back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref handedOut, 0) == 1)
            giveBack(this);
    }

    internal void Fill(IFrameSet frames, FramePairSampler sampler, long step, CancellationToken cancellation)
    {
        handedOut = 1;
        Step = step;
        int bytes = Height * Width * 3;
        for (int n = 0; n < Size; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            (XIndices[n], StyleIndices[n]) = sampler.Sample(step, n);
            frames.Read(XIndices[n], X.AsSpan(n * bytes, bytes));
            frames.Read(StyleIndices[n], Style.AsSpan(n * bytes, bytes));
        }
    }
}
