using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of matrix products.</summary>
internal static class ProductShapeRules
{
    /// <summary>
    /// MatMul and its integer kin: stacks of matrices, broadcast; a vector counts as a row on the left and as a column
    /// on the right.
    /// </summary>
    public static Shape MatMul(Shape left, Shape right)
    {
        if (left.IsDefault || right.IsDefault)
            return default;
        if (left.Length == 0 || right.Length == 0)
            throw new ShapeConflictException("an input is a scalar; expected vectors or matrices");
        Shape rows = left.Length == 1 ? [1, left[0]] : left;
        Shape columns = right.Length == 1 ? [right[0], 1] : right;
        DimensionArithmetic.Same(rows[^1], columns[^2], "the size summed over");
        // What stood in for a missing row or column goes again.
        IEnumerable<OnnxDimension> row = rows[..^1].TakeLast(left.Length == 1 ? 0 : 1);
        IEnumerable<OnnxDimension> column = columns.TakeLast(right.Length == 1 ? 0 : 1);
        return [.. DimensionArithmetic.Broadcast(rows[..^2], columns[..^2]), .. row, .. column];
    }

    /// <summary>Gemm: two matrices, each transposed or not, and a summand.</summary>
    public static Shape Gemm(NodeShapes node)
    {
        (Shape left, Shape right) = (node[0], node[1]);
        DimensionArithmetic.RequireRank(left, 2, "input 0");
        DimensionArithmetic.RequireRank(right, 2, "input 1");
        if (left.IsDefault || right.IsDefault)
            return default;
        (int row, int column) = (node.Int("transA", 0) == 0 ? 0 : 1, node.Int("transB", 0) == 0 ? 1 : 0);
        DimensionArithmetic.Same(left[1 - row], right[1 - column], "the size summed over");
        Shape result = [left[row], right[column]];
        if (!node[2].IsDefault && DimensionArithmetic.Broadcast(result, node[2]).Length > 2)
            throw new ShapeConflictException($"the summand [{string.Join(',', node[2])}] has more than 2 dimensions");
        return result;
    }

    /// <summary>Einsum: letters name axes; those behind the arrow stay, the others are summed over.</summary>
    public static Shape Einsum(NodeShapes node)
    {
        string equation = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != node.Count)
        {
            throw new ShapeConflictException(
                $"the equation '{PrintableText.Shorten(equation)}' has {terms.Length} terms; there are {node.Count} inputs");
        }
        // What an ellipsis stands for is not followed.
        if (equation.Contains('.', StringComparison.Ordinal) || Enumerable.Range(0, node.Count).Any(index => node[index].IsDefault))
            return default;
        var sizes = new SortedDictionary<char, OnnxDimension>();
        for (int index = 0; index < terms.Length; index++)
        {
            if (!terms[index].All(char.IsAsciiLetter))
            {
                throw new ShapeConflictException(
                    $"the equation '{PrintableText.Shorten(equation)}' has a term '{PrintableText.Shorten(terms[index])}'; expected letters");
            }
            DimensionArithmetic.RequireRank(node[index], terms[index].Length, $"input {index}, which the equation calls '{terms[index]}',");
            for (int axis = 0; axis < terms[index].Length; axis++)
            {
                char letter = terms[index][axis];
                sizes[letter] = sizes.TryGetValue(letter, out OnnxDimension known)
                    ? DimensionArithmetic.Broadcast([known], [node[index][axis]])[0]
                    : node[index][axis];
            }
        }
        // Without an arrow the letters that stand once remain, in the order of the alphabet.
        IEnumerable<char> kept = sides.Length == 2 ? sides[1] : sizes.Keys.Where(letter => sides[0].Count(other => other == letter) == 1);
        if (kept.FirstOrDefault(letter => !sizes.ContainsKey(letter)) is not '\0' and var unknown)
            throw new ShapeConflictException($"the equation '{PrintableText.Shorten(equation)}' keeps '{unknown}', which no input has");
        return [.. kept.Select(letter => sizes[letter])];
    }

    /// <summary>
    /// Attention: queries [B,H,L,E] with values [B,H',S,V] give [B,H,L,V]; with the heads side by side in the last
    /// axis, [B,L,H·V].
    /// </summary>
    public static Shape Attention(NodeShapes node)
    {
        (Shape query, Shape value) = (node[0], node[2]);
        if (query.IsDefault || value.IsDefault || query.Length != value.Length)
            return default;
        if (query.Length == 4)
            return [query[0], query[1], query[2], value[3]];
        long heads = node.Int("q_num_heads", 0);
        long valueHeads = node.Int("kv_num_heads", 0);
        return query.Length == 3 && heads > 0 && valueHeads > 0
            ? [query[0], query[1], DimensionArithmetic.Times(DimensionArithmetic.Divide(value[2], valueHeads), heads)]
            : default;
    }
}
