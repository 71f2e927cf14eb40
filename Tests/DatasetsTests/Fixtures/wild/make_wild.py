"""Writes small tables in the shapes of well-known public ones: the same header, separators, marks, codes for missing
values and id columns; the values are made up.

    python3 Tests/DatasetsTests/Fixtures/wild/make_wild.py
"""

import pathlib
import random

here = pathlib.Path(__file__).parent
rows = 24


def number(low, high, digits=0):
    return lambda i: f"{random.uniform(low, high):.{digits}f}"


def word(*words):
    return lambda i: words[i % len(words)] if i < len(words) else random.choice(words)


def count(start=1):
    return lambda i: str(start + i)


def gaps(make, mark, every=7):
    return lambda i: mark if i % every == 3 else make(i)


def quoted(make):
    return lambda i: f'"{make(i)}"'


def write(name, columns, separator=",", header=None, end="\n", top="", row_end="", count=rows, tail=""):
    random.seed(name)
    lines = [] if header is None else [header]
    lines += [separator.join(make(i) for make in columns) + row_end for i in range(count)]
    (here / name).write_text(top + end.join(lines) + end + tail, newline="")


# UCI: no header, blanks behind commas, ? for what is missing.
write("adult.data", [
    number(17, 90), gaps(word("State-gov", "Private", "Self-emp-not-inc"), "?"), number(1e4, 4e5), word("Bachelors", "HS-grad"),
    number(1, 16), word("Never-married", "Divorced"), gaps(word("Sales", "Tech-support"), "?"), word("Husband", "Wife"),
    word("White", "Black"), word("Male", "Female"), number(0, 5000), number(0, 100), number(10, 60), word("United-States", "Cuba"),
    word("<=50K", ">50K")], ", ", tail="\n")
write("auto-mpg.data", [
    number(9, 46, 1), word("8", "4", "6"), number(70, 455, 1), gaps(number(46, 230, 1), "?"), lambda i: number(1600, 5140)(i) + ".",
    number(8, 24, 1), number(70, 82), lambda i: word("1", "2", "3")(i) + '\t"' + word("ford pinto", "vw rabbit", "fiat 128")(i) + '"'], "   ")
write("housing.data", [lambda i: " " + number(0.01, 9, 5)(i)] + [number(0, 100, 2)] * 12 + [number(5, 50, 2)], "  ")
write("iris.data", [number(4, 8, 1), number(2, 4, 1), number(1, 7, 1), number(0, 2, 1), word("Iris-setosa", "Iris-versicolor", "Iris-virginica")],
      tail="\n\n")
write("wine.data", [word("1", "2", "3"), number(11, 15, 2), number(0.7, 6, 2), number(1, 3, 2), number(300, 1700)])
write("winequality-red.csv", [number(4, 16, 1), number(0.1, 1.6, 2), number(0, 1, 2), number(0.9, 15, 1), number(8, 15, 1), word("5", "6", "7")], ";",
      '"fixed acidity";"volatile acidity";"citric acid";"residual sugar";"alcohol";"quality"')
write("breast-cancer-wisconsin.data", [count(1000025)] + [number(1, 10)] * 5 + [gaps(number(1, 10), "?")] + [number(1, 10)] * 3 + [word("2", "4")])
write("wdbc.data", [count(842302), word("M", "B")] + [number(5, 30, 2)] * 10)
write("breast-cancer-kaggle.csv", [count(842302), word("M", "B"), number(5, 30, 2), number(5, 30, 2), number(40, 190, 1)],
      header='"id","diagnosis","radius_mean","texture_mean","perimeter_mean",')
titanic = [word("3", "1", "2"), lambda i: f'"Brown, Mr. {chr(65 + i)}. ""Jack"""', word("male", "female"), gaps(number(1, 80), ""), word("0", "1"),
           word("0", "1", "2"), lambda i: f"A/5 {21171 + i * 7}", number(7, 90, 4), gaps(lambda i: f"C{85 + i}", "", 2), gaps(word("S", "C", "Q"), "", 11)]
write("titanic-train.csv", [count(), word("0", "1")] + titanic,
      header="PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked")
write("titanic-test.csv", [count(892)] + titanic, header="PassengerId,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked", end="\r\n")
write("house-prices.csv", [count(), word("60", "20"), word("RL", "RM"), gaps(number(40, 120), "NA"), gaps(word("Grvl", "Pave"), "NA", 2), word("Y", "N"),
                           number(1900, 2010), number(40000, 500000)],
      header="Id,MSSubClass,MSZoning,LotFrontage,Alley,CentralAir,YearBuilt,SalePrice")
write("abalone.data", [word("M", "F", "I")] + [number(0, 1, 3)] * 7 + [number(1, 29)])
write("car.data", [word("vhigh", "high", "low"), word("med", "low"), word("2", "3", "5more"), word("2", "4", "more"), word("small", "big"), word("low", "high"),
                   word("unacc", "acc", "good")])
write("agaricus-lepiota.data", [word("p", "e"), word("x", "b"), word("s", "y"), word("n", "w"), word("t", "f"), gaps(word("e", "c"), "?")])
write("pima-indians-diabetes.csv", [number(0, 12), number(60, 199), number(40, 110), number(0, 60), number(0, 600), number(18, 50, 1), number(0.1, 2, 3), number(21, 70),
                                    word("0", "1")])
write("processed.cleveland.data", [number(30, 70, 1), word("1.0", "0.0"), number(1, 4, 1), number(100, 180, 1), gaps(word("0.0", "3.0"), "?"),
                                   word("0", "2", "1")])
write("penguins.csv", [quoted(word("Adelie", "Gentoo", "Chinstrap")), quoted(word("Torgersen", "Biscoe")), gaps(number(32, 60, 1), "NA", 9),
                       gaps(number(13, 22, 1), "NA", 9), gaps(quoted(word("male", "female")), "NA"), word("2007", "2008")],
      header='"species","island","bill_length_mm","bill_depth_mm","sex","year"')
write("insurance.csv", [number(18, 64), word("female", "male"), number(16, 53, 3), number(0, 5), word("yes", "no"), word("southwest", "southeast"), number(1100, 60000, 4)],
      header="age,sex,bmi,children,smoker,region,charges")
write("bank-full.csv", [number(18, 90), quoted(word("management", "technician", "unknown")), quoted(word("married", "single")), quoted(word("no", "yes")),
                        number(-500, 9000), quoted(word("may", "jun")), quoted(word("no", "yes"))], ";",
      '"age";"job";"marital";"default";"balance";"month";"y"')
write("student-mat.csv", [quoted(word("GP", "MS")), quoted(word("F", "M")), number(15, 22), quoted(word("U", "R")), quoted(number(0, 20)), quoted(number(0, 20)), number(0, 20)],
      ";", "school;sex;age;address;G1;G2;G3")
write("forestfires.csv", [number(1, 9), number(2, 9), word("mar", "oct", "aug"), word("fri", "tue", "sat"), number(18, 96, 1), number(2, 33, 1), number(0, 6, 1), number(0, 900, 2)],
      header="X,Y,month,day,FFMC,temp,rain,area")
write("day.csv", [count(), lambda i: f"2011-01-{i + 1:02}", word("1", "2"), word("0", "1"), number(0, 1, 6), number(0, 1, 6), number(20, 8700)],
      header="instant,dteday,season,holiday,temp,hum,cnt")
write("concrete.csv", [number(100, 540, 1), number(0, 360, 1), number(120, 250, 1), number(1, 365), number(2, 83, 2)],
      header='"Cement (component 1)(kg in a m^3 mixture)","Blast Furnace Slag, ground"," Water ","Age (day)","Concrete compressive strength(MPa, megapascals) "')
write("seeds_dataset.txt", [number(10, 21, 2), number(12, 17, 2), number(0.8, 0.9, 4), lambda i: ("\t" if i % 5 == 2 else "") + number(4, 7, 3)(i), word("1", "2", "3")], "\t")
write("glass.data", [count(), number(1.5, 1.6, 5), number(10, 17, 2), number(0, 4, 2), number(0, 3, 2), word("1", "2", "3", "5", "6", "7")])
write("ecoli.data", [lambda i: f"PROT{i}_ECOLI", number(0, 1, 2), number(0, 1, 2), lambda i: "0.48", number(0, 1, 2), word("cp", "im", "pp")], "  ")
write("sonar.all-data", [number(0, 1, 4)] * 20 + [word("R", "M")])
write("AirQualityUCI.csv", [lambda i: f"{10 + i % 3}/03/2004", lambda i: f"{i}.00.00", lambda i: number(0.5, 9, 1)(i).replace(".", ","), number(600, 2000),
                            lambda i: number(2, 30, 1)(i).replace(".", ","), lambda i: number(-5, 40, 1)(i).replace(".", ",")], ";",
      "Date;Time;CO(GT);PT08.S1(CO);C6H6(GT);T;;", row_end=";;", end="\r\n")
write("diamonds.csv", [quoted(count()), number(0.2, 3, 2), quoted(word("Ideal", "Premium", "Good")), quoted(word("E", "I")), number(55, 70, 1), number(300, 18000)],
      header='"","carat","cut","color","depth","price"')
write("mtcars.csv", [lambda i: f'"Car {i}"', number(10, 34, 1), word("6", "4", "8"), number(70, 470, 1), number(50, 340), number(1.5, 5.5, 3)],
      header='"mpg","cyl","disp","hp","wt"')
write("california-housing.csv", [number(-124, -114, 2), number(32, 42, 2), number(1, 52, 1), gaps(number(1, 6000, 1), ""), number(15000, 500000, 1), word("NEAR BAY", "<1H OCEAN", "INLAND")],
      header="longitude,latitude,housing_median_age,total_bedrooms,median_house_value,ocean_proximity")
write("telco-churn.csv", [lambda i: f"{7590 + i * 13}-VHVEG", word("Female", "Male"), word("0", "1"), number(1, 72), word("DSL", "Fiber optic", "No"), gaps(number(18, 8000, 2), " "),
                          word("No", "Yes")], header="customerID,gender,SeniorCitizen,tenure,InternetService,TotalCharges,Churn")
write("german.data", [word("A11", "A12", "A14"), number(4, 72), word("A34", "A32"), number(250, 18000), number(19, 75), word("1", "2")], " ")
write("sales.csv", [lambda i: f"{i % 12 + 1}/5/2019", word("East", "West"), lambda i: f'"{number(1, 99)(i)},{100 + i}"', lambda i: f"${number(5, 90, 2)(i)}", lambda i: f"{number(1, 40)(i)}%",
                    lambda i: f'"$1,{200 + i}.50"'], header="Order Date,Region,Units,Price,Discount,Revenue", top="Sales 2019,,,,,\n,,,,,\n")
