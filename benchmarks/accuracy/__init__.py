"""How well the default model finds duplicates in public record sets, without training and without a server."""
