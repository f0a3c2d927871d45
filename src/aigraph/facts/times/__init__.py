"""Times: dates, periods and fiscal years, told outright or from the day of the article.

`periods.find_periods` is the way in; `times.yaml` holds the words.
"""
