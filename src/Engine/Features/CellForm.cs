namespace Decisioning.Engine.Features;

/// <summary>Between a cell in memory and a cell as it is stored.</summary>
internal static class CellForm
{
    /// <summary>The cell that was stored. What is not in the form that this build writes is kept as it is.</summary>
    public static Cell Read(FeatureCell stored)
    {
        if (stored.Entries.IsEmpty)
        {
            return new OpaqueCell(stored);
        }

        Cell? cell = stored.Kind switch
        {
            CellKind.Count or CellKind.Sum or CellKind.Average or CellKind.CountWindows or CellKind.SumWindows or CellKind.AverageWindows => TallyCell.Read(stored),
            CellKind.Last or CellKind.LastValue or CellKind.Recency or CellKind.First or CellKind.FirstValue => EdgeCell.Read(stored),
            CellKind.FirstWindows or CellKind.FirstValueWindows => FirstCell.Read(stored),
            CellKind.Min or CellKind.Max or CellKind.MinWindows or CellKind.MaxWindows => ExtremeCell.Read(stored),
            CellKind.Distinct or CellKind.DistinctWindows => DistinctCell.Read(stored),
            CellKind.Top or CellKind.TopWindows => TopCell.Read(stored),
            CellKind.Sequence => SequenceCell.Read(stored),
            CellKind.Sessions or CellKind.SessionsWindows => SessionCell.Read(stored),
            _ => null,
        };
        return cell is not null && cell.Describe().Equals(stored) ? cell : new OpaqueCell(stored);
    }
}
