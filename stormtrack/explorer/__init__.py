"""One page of HTML that shows tracks on a globe, works without a network, and needs nothing but a browser."""
