"""An article read once more as a whole: a network weighs what rules found and adds what they missed."""
