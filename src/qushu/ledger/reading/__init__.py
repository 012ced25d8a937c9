"""Reading a disclosed department budget (部门预算公开): text in, parts with their places out; what can't be read is listed."""
