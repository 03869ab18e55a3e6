using KeypointMl.Evaluation;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;
using KeypointMl.Loading;
using Microsoft.ML;

namespace KeypointMl;

/// <summary>Finds the moving subjects of videos as data views.</summary>
public static class SubjectFindingExtensions
{
    extension(KeypointCatalog catalog)
    {
        /// <summary>
        /// The boxes of the moving subjects of a video of a fixed camera, without labels, and the frames that they are in: the
        /// view of <c>LoadFromVideo</c>, whose column <c>Item</c> is the track, the same number for the same subject, and whose
        /// column <c>Box</c> is what <c>DetectKeypoints</c> takes as <c>BoxColumnName</c>.
        /// </summary>
        /// <param name="path">The video. It is looked through here, twice; how long that takes is in docs/your-own-video.md.</param>
        /// <param name="subjects">What is known about the subjects; null for nothing.</param>
        /// <param name="frames">
        /// Which frames are rows; null for all. Subjects are looked for in every frame up to the last one, for a track goes
        /// through all of them. Its <see cref="VideoLoadingOptions.Boxes"/> must be null.
        /// </param>
        /// <param name="cancellation">Asks to stop looking.</param>
        /// <returns>Rows in order of time; a frame without a subject has none. The boxes are in memory, the frames are not.</returns>
        /// <exception cref="FileNotFoundException">There is no such video.</exception>
        /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
        /// <exception cref="InvalidDataException">
        /// The video cannot be read, has too few frames, its camera moves, nothing does, the subject fills the frame, or no
        /// subject is in the frames that are asked for; the message says which, and what to do.
        /// </exception>
        /// <exception cref="ArgumentException">A frame was asked for that the video does not have, or boxes were given.</exception>
        /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
        public IDataView FindSubjects(
            string path,
            SubjectFinderOptions? subjects = null,
            VideoLoadingOptions? frames = null,
            CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            frames ??= new VideoLoadingOptions();
            if (frames.Boxes is not null)
            {
                throw new ArgumentException(
                    $"{nameof(frames.Boxes)} are given, and subjects are to be found; give one of the two.", nameof(frames));
            }
            // What is wrong with the frames is told before the long search.
            VideoDataView.Open(path, frames);
            return VideoDataView.Open(path, frames with
            {
                Boxes = VideoSubjects.Find(path, subjects, frames.LastFrame, cancellation),
            });
        }
    }
}
