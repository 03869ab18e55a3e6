using KeypointMl.Evaluation;
using KeypointMl.Imaging.Video;
using KeypointMl.Loading;
using Microsoft.ML;

namespace KeypointMl;

/// <summary>Reads videos as data views.</summary>
public static class KeypointVideoExtensions
{
    extension(KeypointCatalog catalog)
    {
        /// <summary>
        /// The frames of a video, or the boxes of a tracker in them: columns <c>Image</c> (the whole frame),
        /// <c>Source</c> (the path), <c>Frame</c> (its number, counted from 0), <c>Item</c> (the track; empty without
        /// boxes) and <c>Box</c> (x, y, width, height in pixels). In order of time.
        /// </summary>
        /// <param name="path">The video.</param>
        /// <param name="options">Frames and boxes.</param>
        /// <returns>
        /// Memory does not grow with the video. A video that changes its size inside gives each frame in its own,
        /// which is not that of the column's type then. The number of rows is known where the container tells the
        /// number of frames; a cursor that is asked for images and finds fewer
        /// throws <see cref="InvalidDataException"/>.
        /// </returns>
        /// <exception cref="FileNotFoundException">There is no such video.</exception>
        /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
        /// <exception cref="InvalidDataException">
        /// The video cannot be read, or a box lies outside the video; the message says where.
        /// </exception>
        /// <exception cref="ArgumentException">A frame was asked for that the video does not have.</exception>
        public IDataView LoadFromVideo(string path, VideoLoadingOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            return VideoDataView.Open(path, options ?? new());
        }
    }
}
