"""知识库: answers that may be given at once, who keeps them, and how they are found."""
