using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Rows;

/// <summary>Reads the current row's image of any column that can give images. None that the input gives is disposed of here.</summary>
internal abstract class RowImageReader
{
    /// <param name="row">The input's cursor or row, in which the column is active.</param>
    /// <param name="column">The column, found by <see cref="ImageColumns.Find"/>.</param>
    /// <param name="options">Limits on what is decoded.</param>
    public static RowImageReader Create(DataViewRow row, DataViewSchema.Column column, ImageDecoderOptions options) => column.Type switch
    {
        ImageDataViewType => new Images(row.GetGetter<MLImage>(column)),
        TextDataViewType => new Paths(row.GetGetter<ReadOnlyMemory<char>>(column), options),
        _ => new Encoded(row.GetGetter<VBuffer<byte>>(column), options),
    };

    /// <summary>The whole image.</summary>
    /// <exception cref="InvalidDataException">There is none, or it cannot be decoded.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract RgbImage Read();

    /// <summary>A part of the image, cropped and resized as detection and training do it.</summary>
    /// <param name="choose">Which part of an image of that width and height.</param>
    /// <param name="destination">Receives [height,width,3] bytes.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <returns>The part that was chosen, in pixels of the image.</returns>
    /// <exception cref="InvalidDataException">There is none, or it cannot be decoded.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract Box ReadCrop(Func<int, int, Box> choose, Span<byte> destination, int width, int height);

    /// <summary>The whole image, resized likewise.</summary>
    /// <returns>All of the image, in its pixels.</returns>
    /// <inheritdoc cref="ReadCrop"/>
    public Box ReadResized(Span<byte> destination, int width, int height) => ReadCrop(Box.WholeImage, destination, width, height);

    private sealed class Images(ValueGetter<MLImage> getter) : RowImageReader
    {
        // All rows go through one variable: whose the images are, the getter that made them decides.
        private MLImage? current;

        public override RgbImage Read()
        {
            getter(ref current!);
            return MlImagePixels.ToRgbImage(
                current ?? throw new InvalidDataException("there is no image (null). Fill the column, or filter such rows out."));
        }

        public override Box ReadCrop(Func<int, int, Box> choose, Span<byte> destination, int width, int height)
        {
            RgbImage image = Read();
            Box box = choose(image.Width, image.Height);
            ImageCropper.Crop(image.Pixels, image.Width, image.Height, box, destination, width, height);
            return box;
        }
    }

    private abstract class Compressed : RowImageReader
    {
        public override RgbImage Read()
        {
            using EncodedImage image = Open();
            return image.Decode();
        }

        public override Box ReadCrop(Func<int, int, Box> choose, Span<byte> destination, int width, int height)
        {
            using EncodedImage image = Open();
            Box box = choose(image.Width, image.Height);
            image.Crop(box, destination, width, height);
            return box;
        }

        protected abstract EncodedImage Open();
    }

    private sealed class Paths(ValueGetter<ReadOnlyMemory<char>> getter, ImageDecoderOptions options) : Compressed
    {
        private ReadOnlyMemory<char> path;

        protected override EncodedImage Open()
        {
            getter(ref path);
            return path.IsEmpty
                ? throw new InvalidDataException("the path is empty. Fill the column, or filter such rows out.")
                : EncodedImage.Open(path.ToString(), options);
        }
    }

    private sealed class Encoded(ValueGetter<VBuffer<byte>> getter, ImageDecoderOptions options) : Compressed
    {
        private VBuffer<byte> bytes;

        protected override EncodedImage Open()
        {
            getter(ref bytes);
            // A vector may come sparse: without its zeros.
            return EncodedImage.Open(bytes.IsDense ? bytes.GetValues() : bytes.DenseValues().ToArray(), "in a vector of bytes", options);
        }
    }
}
