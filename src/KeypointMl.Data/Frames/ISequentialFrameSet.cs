namespace KeypointMl.Data;

/// <summary>Frames that are cheap to read one after the other only, such as crops of a video.</summary>
public interface ISequentialFrameSet : IFrameSet
{
    /// <summary>The indices of all frames in the order in which <see cref="Stream"/> reads them.</summary>
    IReadOnlyList<int> StreamOrder { get; }

    /// <summary>Reads every frame once, in <see cref="StreamOrder"/>; nothing is kept. Several streams may be read at once.</summary>
    /// <param name="destination">[Height,Width,3] bytes that receive each frame in turn.</param>
    /// <returns>The index of the frame that <paramref name="destination"/> holds.</returns>
    /// <exception cref="InvalidDataException">While enumerating: a frame cannot be decoded; the message names the source.</exception>
    IEnumerable<int> Stream(Memory<byte> destination);
}
