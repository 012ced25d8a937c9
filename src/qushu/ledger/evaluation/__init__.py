"""绩效监控, 绩效自评 and the page for deputies and citizens: forms that fill themselves from what is measured, signed by three people."""
